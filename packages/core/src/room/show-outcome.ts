import { namesOf } from "../identity/index.ts";
import type { Tx } from "../kernel/index.ts";
import * as Store from "./outcome.store.ts";

/** An outcome as a page or a letter shows it: who said what by name, what changed under it, where it went. */
export async function showOutcome(tx: Tx, caseId: string) {
  const outcome = await Store.findOutcome(tx, caseId);
  return outcome && describe(tx, outcome);
}

export type ShownOutcome = Awaited<ReturnType<typeof describe>>;

async function describe(tx: Tx, outcome: Store.Outcome) {
  const actions = await Store.findActions(tx, outcome.id);
  const addenda = await Store.findAddenda(tx, outcome.id);
  const deliveries = await Store.findDeliveries(tx, outcome.id);
  const differences = await Store.findDifferences(tx, outcome.id);
  const changes = await Store.findChanges(tx, outcome.id);
  const people = [outcome.changedBy, outcome.opinionBy, outcome.signed?.by];
  const others = [...addenda.map(({ writtenBy }) => writtenBy), ...deliveries.map(({ sentBy }) => sentBy)];
  const names = await namesOf(
    tx,
    [...people, ...others].filter((id) => id !== undefined),
  );
  const named = (id: string) => names.get(id) ?? id;
  const { id: _id, organisation: _organisation, patientId: _patient, signed, opinionBy, ...rest } = outcome;
  return {
    ...rest,
    changedBy: named(outcome.changedBy),
    changedAt: outcome.changedAt.toISOString(),
    opinionBy: opinionBy && named(opinionBy),
    signed: signed && { ...signed, by: named(signed.by), at: signed.at.toISOString() },
    actions: actions
      .filter(({ isRemoved }) => !isRemoved)
      .map(({ doneAt, isRemoved: _removed, ...action }) => ({ ...action, doneAt: doneAt?.toISOString() })),
    addenda: addenda.map(({ writtenBy, writtenAt, ...addendum }) => ({
      ...addendum,
      writtenBy: named(writtenBy),
      writtenAt: writtenAt.toISOString(),
    })),
    changes: changes.map(({ foundAt, ...change }) => ({ ...change, foundAt: foundAt.toISOString() })),
    differences: differences.map(({ openedAt, closedAt, outcomeId: _of, openedBy: _by, ...one }) => ({
      ...one,
      openedAt: openedAt.toISOString(),
      closedAt: closedAt?.toISOString(),
    })),
    deliveries: deliveries.map(({ sentAt, sentBy, channel, acknowledgedAt, acknowledgedBy, ...one }) => ({
      ...one,
      channel: Store.channelOf(channel),
      sentBy: named(sentBy),
      sentAt: sentAt.toISOString(),
      acknowledgedAt: acknowledgedAt?.toISOString(),
      acknowledgedBy: acknowledgedBy ?? undefined,
    })),
  };
}
