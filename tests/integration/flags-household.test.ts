import * as Access from "@weald/core/access";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Review from "@weald/core/review";
import * as Study from "@weald/core/study";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adt, type Person, source } from "./messages/written.ts";
import { at, bytesOf, dicom, rows, type Said, sendAll, studyIdOf, systemCtx } from "./sent.ts";

const HOME = "12 Mill Lane^^Brighton^^BN1 9ZZ^^H";
const DAY = 86_400_000;

const said = (localNumber: string, family: string, given: string, born: string): Said => ({
  localNumber,
  family,
  given,
  born,
  sex: "F",
});
const KIN = said("H-1", "Pendry", "Flora", "19910309");
const FLAGGED = said("H-2", "Yarrow", "Edith", "19700502");
const NEIGHBOUR = said("H-3", "Tansy", "Olive", "19820731");
const MOVED = said("H-4", "Sorrel", "Maud", "19680114");

describe("a look at somebody of one's own household, as admission systems have both addresses", () => {
  let region: Region;
  let snoop: Ctx;
  let messages = 0;

  async function tell(trust: string, { localNumber, ...of }: Said, address: string): Promise<void> {
    messages += 1;
    const person: Person = { ...of, address };
    const when = new Date(Date.now() - DAY + messages * 1000);
    await sendAll(
      region,
      trust,
      source(adt("A28", { trust, number: localNumber, person, id: `h${messages}`, at: when })),
    );
  }
  async function look(of: Said): Promise<string> {
    const study = mintUid();
    await sendAll(region, "RXC", dicom(bytesOf({ study, of })));
    const studyId = await studyIdOf(region, study);
    const [found] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      studyId,
    );
    const patientId = found?.id ?? "";
    await Access.stateRelationship(snoop, { patientId, statement: "treating-now" });
    await Study.open(snoop, { studyId });
    return patientId;
  }

  beforeAll(async () => {
    region = await Region.create();
    snoop = { ...region.as("ines.marlow"), purpose: "direct-care" };
    await tell("RYR", said("STAFF-1", "Marlow", "Ines", "19880808"), "12, mill lane^^Brighton^^bn19zz^^H");
    await Access.stateOwnRecord(region.as("edmund.frost"), {
      personId: snoop.actor.id,
      localNumber: "STAFF-1",
      isTheirs: true,
    });
    await tell("RXC", KIN, HOME);
    await tell("RXC", FLAGGED, HOME);
    await tell("RXC", NEIGHBOUR, "14 Mill Lane^^Brighton^^BN1 9ZZ^^H");
    await tell("RXC", MOVED, HOME);
    await tell("RXC", MOVED, "3 Quay Street^^Hove^^BN3 9ZZ^^H");
  });
  afterAll(() => region.stop());

  it("is flagged with its reason; a neighbour, one who moved away and one whose home is secret are not", async () => {
    const kin = await look(KIN);
    for (const one of [FLAGGED, NEIGHBOUR, MOVED]) await look(one);
    await Patient.markSensitive(systemCtx(region), {
      custodian: "RXC",
      localNumber: FLAGGED.localNumber,
      sensitivities: ["s-flag"],
    });
    await Review.flagUnusual(at(systemCtx(region), new Date(Date.now() + 60_000)), {});
    for (let isMore = true; isMore; )
      ({ isMore } = await Review.flagUnusual(at(systemCtx(region), new Date(Date.now() + 60_000)), {}));
    const { flags } = await Review.listFlags(region.as("edmund.frost"), {});
    expect(flags.map(({ patientId, reasons }) => [patientId, reasons.map(({ code }) => code)])).toEqual([
      [kin, ["same-address"]],
    ]);
  });
  it("of an address nothing but a digest is kept in what was said of a patient", async () => {
    const [kept] = await rows<{ text: string }>(
      region,
      "SELECT coalesce(string_agg(says::text, ''), '') AS text FROM patient_statement",
    );
    expect(kept?.text).toContain("addressKey");
    expect(kept?.text).not.toMatch(/mill lane|BN1/i);
  });
});
