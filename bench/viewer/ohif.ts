import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { homedir } from "node:os";
import path from "node:path";
import { constants, gzipSync } from "node:zlib";

/** The newest on npm that carries its built site. */
export const OHIF = "3.13.2";
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "weald-bench");
const SITE = path.join(CACHE, `ohif-${OHIF}`);

/** OHIF as npm has it, unpacked outside the repository; once a machine. */
export function fetchOhif(): void {
  if (existsSync(SITE)) return;
  mkdirSync(CACHE, { recursive: true });
  const run = (program: string, args: string[]) =>
    execFileSync(program, args, { cwd: CACHE, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const packed = run("npm", ["pack", "--silent", `@ohif/app@${OHIF}`]).trim();
  const unpacked = `${SITE}.${process.pid}`;
  mkdirSync(unpacked);
  run("tar", ["xzf", packed, "-C", unpacked]);
  renameSync(unpacked, SITE);
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};
const SQUEEZED = /\.(html|js|mjs|css|json|wasm|svg)$/;

/** OHIF's own settings but for where its studies are, and without what only asks the person something. */
const settingsFor = (dicomweb: string) => `
window.config = {
  routerBasename: null, extensions: [], modes: [], customizationService: {},
  showStudyList: true, maxNumberOfWebWorkers: 3, showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false,
  showLoadingIndicator: true, strictZSpacingForVolumeViewport: true, groupEnabledModesFirst: true,
  investigationalUseDialog: { option: "never" },
  maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
  defaultDataSourceName: "orthanc",
  dataSources: [{
    namespace: "@ohif/extension-default.dataSourcesModule.dicomweb", sourceName: "orthanc",
    configuration: {
      friendlyName: "Orthanc", name: "orthanc",
      wadoUriRoot: "${dicomweb}", qidoRoot: "${dicomweb}", wadoRoot: "${dicomweb}",
      qidoSupportsIncludeField: false, imageRendering: "wadors", thumbnailRendering: "wadors",
      enableStudyLazyLoad: true, supportsFuzzyMatching: false, supportsWildcard: true, omitQuotationForMultipartRequest: true,
      bulkDataURI: { enabled: true },
    },
  }],
};`;

type Served = { body: Buffer; squeezed: Buffer | undefined; type: string; isForEver: boolean };

/** A file of the site as a good server has it: squeezed beforehand, kept for ever where its name says what is in it. */
function read(file: string): Served {
  const body = readFileSync(file);
  const level = { level: constants.Z_DEFAULT_COMPRESSION };
  return {
    body,
    squeezed: SQUEEZED.test(file) ? gzipSync(body, level) : undefined,
    type: TYPES[path.extname(file)] ?? "application/octet-stream",
    isForEver: /[.-]?[0-9a-f]{16,20}\./.test(path.basename(file)),
  };
}

/** OHIF's site, and under /dicom-web what Orthanc answers: one origin, so that no request asks first whether it may. */
export async function serveOhif(
  port: number,
  orthanc: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const root = path.join(SITE, "package/dist");
  const known = new Map<string, Served>();
  const settings = Buffer.from(settingsFor(`http://127.0.0.1:${port}/dicom-web`));
  known.set("/app-config.js", {
    body: settings,
    squeezed: gzipSync(settings),
    type: TYPES[".js"] ?? "",
    isForEver: false,
  });

  function found(asked: string): Served {
    const inSite = path.join(root, path.normalize(asked));
    const isFile = asked !== "/" && path.extname(asked) !== "" && existsSync(inSite);
    const name = isFile ? asked : "/index.html";
    const served = known.get(name) ?? read(path.join(root, name));
    known.set(name, served);
    return served;
  }

  function pass(incoming: IncomingMessage, answer: ServerResponse): void {
    const onward = request(
      `${orthanc}${incoming.url}`,
      { method: incoming.method ?? "GET", headers: incoming.headers },
      (from) => {
        answer.writeHead(from.statusCode ?? 502, from.headers);
        from.pipe(answer);
      },
    );
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }

  const server = createServer((incoming, answer) => {
    const { pathname } = new URL(incoming.url ?? "/", "http://x");
    if (pathname.startsWith("/dicom-web")) return pass(incoming, answer);
    const { body, squeezed, type, isForEver } = found(known.has(pathname) ? pathname : decodeURI(pathname));
    const sent = squeezed ?? body;
    answer.writeHead(200, {
      "content-type": type,
      "content-length": sent.length,
      "cache-control": isForEver ? "public, max-age=31536000, immutable" : "public, max-age=0",
      ...(squeezed ? { "content-encoding": "gzip" } : {}),
    });
    answer.end(sent);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
