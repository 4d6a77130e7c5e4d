import * as Access from "@weald/core/access";
import type { Ctx } from "@weald/core/kernel";
import * as Patient from "@weald/core/patient";
import * as Study from "@weald/core/study";
import * as Timeline from "@weald/core/timeline";
import { Region } from "@weald/dev-env/region";
import { mintUid } from "@weald/dicom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, image, rowan, rows, sendAll, studyIdOf, systemCtx } from "../sent.ts";

const HOUR = 3_600_000;

describe("breaking the glass", () => {
  let region: Region;
  let vip: { patientId: string; studyId: string };
  let other: { patientId: string; studyId: string };
  let officer: Ctx;

  const held = async (localNumber: string) => {
    const study = mintUid();
    await sendAll(region, "RXC", image({ study, of: rowan({ localNumber, nhs: "", given: localNumber }) }));
    const studyId = await studyIdOf(region, study);
    const [row] = await rows<{ id: string }>(
      region,
      "SELECT patient_id::text AS id FROM study WHERE id = $1::uuid",
      studyId,
    );
    return { studyId, patientId: row?.id ?? "" };
  };

  beforeAll(async () => {
    region = await Region.create();
    [vip, other] = [await held("VIP"), await held("OTHER")];
    for (const localNumber of ["VIP", "OTHER"])
      await Patient.markSensitive(systemCtx(region), {
        custodian: "RXC",
        localNumber,
        sensitivities: ["safeguarding"],
      });
    officer = region.as("edmund.frost");
  }, 60_000);
  afterAll(() => region.stop());

  const later = (ctx: Ctx, hours: number): Ctx => ({
    ...ctx,
    service: { ...ctx.service, now: () => new Date(Date.now() + hours * HOUR) },
  });
  const breakFor = (
    ctx: Ctx,
    patientId: string,
    reason: "urgent-care" | "other" = "urgent-care",
    words = "",
  ) => Access.breakGlass(ctx, { patientId, reason, words });

  it("wants a reason and a sign-in of the last two minutes; without either nothing opens", async () => {
    const old = await region.signedIn("ines.marlow", { secondsAgo: 121 });
    expect(await codeOf(breakFor(old, vip.patientId))).toBe("fresh-sign-in");
    // A token has no session, so it proves nothing afresh.
    expect(await codeOf(breakFor(region.as("ines.marlow"), vip.patientId))).toBe("fresh-sign-in");
    const fresh = await region.signedIn("ines.marlow");
    expect(await codeOf(breakFor(fresh, vip.patientId, "other", "short"))).toBe("REASON_TOO_SHORT");
    expect(await codeOf(Study.open(fresh, { studyId: vip.studyId }))).toBe("STUDY_NOT_FOUND");
  });

  it("opens one patient, to one person, for four hours, and the privacy officer of their trust is told at once", async () => {
    const ines = await region.signedIn("ines.marlow");
    const before = (await Access.countGlass(officer, {})).waiting;
    await breakFor(ines, vip.patientId);
    expect(await Study.open(ines, { studyId: vip.studyId })).toMatchObject({ isByGlass: true });
    expect((await Timeline.read(ines, { patientId: vip.patientId })).rows).toHaveLength(1);
    expect(await codeOf(Study.open(ines, { studyId: other.studyId }))).toBe("STUDY_NOT_FOUND");
    expect(await codeOf(Study.open(region.as("daniel.ashdown"), { studyId: vip.studyId }))).toBe(
      "STUDY_NOT_FOUND",
    );
    const { session: _session, ...token } = ines;
    expect(await codeOf(Study.open(later(token, 3.9), { studyId: vip.studyId }))).toBe("done");
    expect(await codeOf(Study.open(later(token, 4.1), { studyId: vip.studyId }))).toBe("STUDY_NOT_FOUND");
    expect((await Access.countGlass(officer, {})).waiting).toBe(before + 1);
    expect(await Access.listOwnGlass(ines, {})).toMatchObject([{ patientId: vip.patientId }]);
  });

  it("ends when its person closes it, and nobody closes another's", async () => {
    const daniel = await region.signedIn("daniel.ashdown");
    const { glassId } = await breakFor(daniel, vip.patientId);
    expect(await codeOf(Access.endGlass(region.as("ines.marlow"), { glassId }))).toBe("not-yours");
    await Access.endGlass(daniel, { glassId });
    expect(await codeOf(Study.open(daniel, { studyId: vip.studyId }))).toBe("STUDY_NOT_FOUND");
  });

  it("is reviewed by the privacy officer of that trust, once, with words unless it was justified", async () => {
    const { rows: waiting } = await Access.listGlass(officer, {});
    const [mine] = waiting;
    if (!mine) throw new Error("nothing waits");
    expect(waiting.every(({ organisation }) => organisation === "RYR")).toBe(true);
    expect(await codeOf(Access.listGlass(region.as("tom.reyes"), {}))).toBe("not-for-this-role");
    expect(await codeOf(Access.reviewGlass(officer, { glassId: mine.id, outcome: "not-justified" }))).toBe(
      "OUTCOME_NEEDS_WORDS",
    );
    await Access.reviewGlass(officer, { glassId: mine.id, outcome: "justified" });
    expect(await codeOf(Access.reviewGlass(officer, { glassId: mine.id, outcome: "justified" }))).toBe(
      "ALREADY_REVIEWED",
    );
    expect((await Access.listGlass(officer, { isReviewed: true })).rows.map(({ id }) => id)).toContain(
      mine.id,
    );
  });

  it("opens without a fresh sign-in only where the identity provider is away, and then stands first in the queue", async () => {
    const old = await region.signedIn("ines.marlow", { secondsAgo: 3600 });
    const away: Ctx = {
      ...old,
      service: {
        ...old.service,
        ports: { ...old.service.ports, identityProvider: { isThere: async () => false } },
      },
    };
    const proved = await breakFor(await region.signedIn("ines.marlow"), other.patientId);
    const { wasProved, glassId } = await breakFor(away, other.patientId);
    expect(wasProved).toBe(false);
    const waiting = (await Access.listGlass(officer, {})).rows.map(({ id }) => id);
    expect(waiting[0]).toBe(glassId);
    expect(waiting).toContain(proved.glassId);
  });

  it("doesn't open one's own record", async () => {
    await Access.stateOwnRecord(
      { ...officer, actor: { ...region.as("edmund.frost").actor, organisation: "RXC" } as Ctx["actor"] },
      { personId: region.as("priya.nair").actor.id, localNumber: "OTHER", isTheirs: true },
    );
    const priya = await region.signedIn("priya.nair");
    expect(await codeOf(breakFor(priya, other.patientId))).toBe("own-record");
    expect(await codeOf(Study.open(priya, { studyId: other.studyId }))).toBe("own-record");
  });
});
