import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { mintUid, readPart10 } from "@weald/dicom";
import { call } from "@weald/edge/dimse/calling-side";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dicomwebStandIn } from "../../integration/edge/dicomweb-stand-in.ts";
import { CALLED, type EdgeProcess, edgeProcess } from "../../integration/edge/edge-process.ts";
import { tokenDoor } from "../../integration/edge/token-door.ts";
import { bytesOf } from "../../integration/sent.ts";
import { ROOT } from "../../runner/run-command.ts";

const hasDcmtk =
  spawnSync("storescu", ["--version"]).status === 0 && spawnSync("dcmconv", ["--version"]).status === 0;
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
if (!hasDcmtk) process.stdout.write("LEFT OUT the gateway with DCMTK as its client: dcmtk\n");
else if (!hasOpenssl) process.stdout.write("LEFT OUT the gateway over TLS: openssl\n");

const SHARED = path.join(ROOT, "../shared/dicom/transfer-syntax");
const NOWHERE = "http://127.0.0.1:9";

/** What DCMTK says, its warnings aside, and how it ended. */
function run(program: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  const lines = `${stdout}${stderr}`.split("\n").filter((line) => !line.startsWith("W: "));
  return { status, said: lines.join("\n") };
}

/** The same, while this process goes on. */
async function running(program: string, args: readonly string[]) {
  const child = spawn(program, args);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => output.push(text.toString()));
  const [status] = await once(child, "close");
  const lines = output
    .join("")
    .split("\n")
    .filter((line) => !line.startsWith("W: "));
  return { status: Number(status), said: lines.join("\n") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Every file that the gateway holds, as it lies in the spool. */
function spooled(home: string): string[] {
  const spool = path.join(home, "spool");
  return readdirSync(spool).flatMap((hour) =>
    readdirSync(path.join(spool, hour)).map((name) => path.join(spool, hour, name)),
  );
}

/** A configuration by which storescu proposes one class in one syntax. */
function proposing(file: string, { sopClass, syntax }: { sopClass: string; syntax: string }): string[] {
  const text = [
    "[[TransferSyntaxes]]",
    `[Own]\nTransferSyntax1 = ${syntax}`,
    "[[PresentationContexts]]",
    `[One]\nPresentationContext1 = ${sopClass}\\Own`,
    "[[Profiles]]",
    "[Any]\nPresentationContexts = One",
  ];
  writeFileSync(file, text.join("\n"));
  return ["-xf", file, "Any"];
}

/** The data set behind the meta header: what the line carries. */
async function datasetOf(file: string) {
  const bytes = readFileSync(file);
  const object = await readPart10(
    (async function* () {
      yield bytes;
    })(),
  );
  const length = bytes.readUInt32LE(140);
  return {
    sop: String(object.dataset["00080018"]?.Value?.[0]),
    sopClass: String(object.dataset["00080016"]?.Value?.[0]),
    pixels: object.pixelData?.sha256,
    syntax: object.transferSyntaxUid,
    dataset: bytes.subarray(144 + length),
  };
}

describe.skipIf(!hasDcmtk)("the gateway with DCMTK as its client", () => {
  let edge: EdgeProcess;
  let folder: string;
  const to = () => ["-aet", "CT1", "-aec", CALLED, "127.0.0.1", String(edge.dimsePort())];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "weald-dcmtk-"));
    edge = await edgeProcess({ regionUrl: NOWHERE });
  });
  afterAll(async () => {
    await edge?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("echoscu, 20 times on one association", () => {
    expect(run("echoscu", ["--repeat", "20", ...to()])).toEqual({ status: 0, said: "" });
  });

  it("echoscu is told who isn't recognised", () => {
    const { status, said } = run("echoscu", [
      "-aet",
      "NOBODY",
      "-aec",
      CALLED,
      "127.0.0.1",
      String(edge.dimsePort()),
    ]);
    expect(status).not.toBe(0);
    expect(said).toContain("Calling AE Title Not Recognized");
  });

  it.each([
    ["explicit little endian", "+te", "-xe"],
    ["explicit big endian", "+tb", "-xb"],
    ["implicit little endian", "+ti", "-xi"],
    ["deflated", "+td", "-xd"],
  ])("storescu, %s: the data set lies on the disk as DCMTK holds it", async (_name, convert, propose) => {
    const [plain, coded] = [path.join(folder, "plain.dcm"), path.join(folder, "coded.dcm")];
    const sop = mintUid();
    writeFileSync(plain, bytesOf({ sop }));
    expect(run("dcmconv", [convert, "-g", plain, coded]).said).toBe("");
    expect(run("storescu", [propose, ...to(), coded])).toEqual({ status: 0, said: "" });
    const sent = await datasetOf(coded);
    const held = await Promise.all(spooled(edge.home).map(datasetOf));
    const [kept] = held.filter((one) => one.sop === sop);
    expect(kept?.syntax).toBe(sent.syntax);
    // DCMTK packs a deflated data set anew for the line.
    if (propose !== "-xd") expect(kept?.dataset.equals(sent.dataset)).toBe(true);
  });

  it.skipIf(!existsSync(SHARED))(
    "storescu, whatever syntax a file of ../shared/dicom has, at its own proposal",
    async () => {
      const files = readdirSync(SHARED, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".dcm"))
        .map((name) => path.join(SHARED, name));
      expect(files.length).toBeGreaterThan(20);
      const syntaxes = new Set<string>();
      for (const file of files) {
        const sent = await datasetOf(file).catch(() => undefined);
        if (!sent) continue;
        const before = new Set(spooled(edge.home));
        const way = proposing(path.join(folder, "storescu.cfg"), sent);
        const { status, said } = run("storescu", [...way, ...to(), file]);
        // What DCMTK can't read or send itself says nothing of the gateway.
        if (
          /cannot|Unknown|bad|Failed to send|Unsupported transfer syntax|No presentation context/i.test(said)
        )
          continue;
        expect({ file, status, said }).toEqual({ file, status: 0, said: "" });
        const [held] = spooled(edge.home).filter((name) => !before.has(name));
        expect(await datasetOf(held ?? "")).toMatchObject({
          sop: sent.sop,
          syntax: sent.syntax,
          pixels: sent.pixels,
        });
        syntaxes.add(sent.syntax);
      }
      expect(syntaxes.size).toBeGreaterThan(8);
    },
  );

  it("findscu finds, and movescu is brought, the data set as it is held", async () => {
    const [web, identity] = [await dicomwebStandIn(), await tokenDoor()];
    const [study, sop, port] = [mintUid(), mintUid(), await freePort()];
    const held = path.join(folder, "held.dcm");
    writeFileSync(held, bytesOf({ study, sop, accession: "A1" }));
    await web.hold(readFileSync(held));
    const region = {
      portalUrl: identity.url,
      issuer: identity.url,
      dicomwebUrl: web.url,
      clientId: "gateway-RXC",
      clientSecret: "secret of gateway-RXC",
    };
    const client = { id: "system-RXC", secret: "secret of system-RXC" };
    const asked = await edgeProcess({
      regionUrl: identity.url,
      config: { region, applicationEntities: [{ title: "PACS1", host: "127.0.0.1", port, client }] },
    });
    const way = ["-aet", "PACS1", "-aec", CALLED];
    const place = ["127.0.0.1", String(asked.dimsePort())];
    const level = ["-k", "QueryRetrieveLevel=STUDY"];
    try {
      const keys = [...level, "-k", "AccessionNumber=A1", "-k", "StudyInstanceUID"];
      // Not `run`: the stand-ins answer from this process.
      const found = await running("findscu", ["-S", "-v", ...way, ...keys, ...place]);
      expect(found.said).toContain(study);
      const into = path.join(folder, "moved");
      mkdirSync(into);
      const moved = await running("movescu", [
        ...["-S", "+P", String(port), "-od", into, ...way, "-aem", "PACS1"],
        ...[...level, "-k", `StudyInstanceUID=${study}`, ...place],
      ]);
      expect(moved).toEqual({ status: 0, said: "" });
      const [file = ""] = readdirSync(into);
      const [was, is] = [await datasetOf(held), await datasetOf(path.join(into, file))];
      expect(is).toMatchObject({ sop, syntax: was.syntax, pixels: was.pixels });
    } finally {
      await asked.stop();
      await web.close();
      await identity.close();
    }
  });

  it.skipIf(!hasOpenssl)(
    "echoscu and storescu over TLS, and nobody without the right certificate",
    async () => {
      const at = (name: string) => path.join(folder, name);
      for (const name of ["authority", "other"])
        execFileSync(
          "openssl",
          [
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            `/CN=${name}`,
            "-keyout",
            at(`${name}.key`),
            "-out",
            at(`${name}.pem`),
          ],
          { stdio: "ignore" },
        );
      for (const name of ["gateway", "modality"]) {
        execFileSync(
          "openssl",
          [
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            `/CN=${name}`,
            "-keyout",
            at(`${name}.key`),
            "-out",
            at(`${name}.csr`),
          ],
          { stdio: "ignore" },
        );
        execFileSync(
          "openssl",
          [
            "x509",
            "-req",
            "-in",
            at(`${name}.csr`),
            "-CA",
            at("authority.pem"),
            "-CAkey",
            at("authority.key"),
            "-CAcreateserial",
            "-days",
            "2",
            "-out",
            at(`${name}.pem`),
          ],
          { stdio: "ignore" },
        );
      }
      const tls = {
        keyFile: at("gateway.key"),
        certificateFile: at("gateway.pem"),
        clientAuthorityFile: at("authority.pem"),
      };
      const secure = await edgeProcess({ regionUrl: NOWHERE, config: { dimse: { tls } } });
      try {
        const way = ["-aet", "CT1", "-aec", CALLED, "127.0.0.1", String(secure.dimsePort())];
        const as = (name: string) => [
          "+tls",
          at(`${name}.key`),
          at(`${name}.pem`),
          "+cf",
          at("authority.pem"),
        ];
        expect(run("echoscu", [...as("modality"), ...way])).toEqual({ status: 0, said: "" });
        writeFileSync(at("one.dcm"), bytesOf({}));
        expect(run("storescu", [...as("modality"), ...way, at("one.dcm")])).toEqual({ status: 0, said: "" });
        expect(await secure.metric("weald_edge_waiting")).toBe(1);
        expect(run("echoscu", [...as("other"), ...way]).status).not.toBe(0);
        expect(run("echoscu", way).status).not.toBe(0);
        // The other way round: whom the gateway calls shows a certificate that its authority signed.
        const called = (name: string) => ({
          entity: {
            title: CALLED,
            host: "127.0.0.1",
            port: secure.dimsePort(),
            tls: { authorityFile: at(`${name}.pem`) },
          },
          callingTitle: "CT1",
        });
        await expect(call(called("other"), () => {})).rejects.toMatchObject({ code: "UNREACHABLE" });
      } finally {
        await secure.stop();
      }
    },
  );
});
