import { z } from "zod";
import { defineAction, may, NotFound, organisationOf, type Tx } from "../kernel/index.ts";
import * as Patient from "../patient/index.ts";
import { isStaff, mayFinish } from "./staff.policy.ts";
import { findTask, findTasks, finishTaskNow, REVIEWERS } from "./task.store.ts";

const MOST = 200;
const noSuchTask = () => new NotFound("TASK_NOT_FOUND", "There is no such task, or it isn't yours.");

/** Whose tasks somebody sees: their own, and those of an activity that they have. */
const boxesOf = (tx: Tx): string[] => [tx.actor.id, ...(may(tx.actor, "review-access") ? [REVIEWERS] : [])];

/** What of patients' links waits for me: not delivered, locked, "this isn't me", asked for anew, asked about. */
export const listTasks = defineAction({
  name: "consent.list-tasks",
  input: z.object({}),
  policy: isStaff,
  load: async () => null,
  async run(tx) {
    const organisation = organisationOf(tx.actor) ?? "";
    const tasks = await findTasks(tx, organisation, boxesOf(tx), MOST);
    const records = await Patient.findRecordsOfPatients(tx, [
      ...new Set(tasks.map(({ patientId }) => patientId)),
    ]);
    return tasks.map(({ id, raisedAt, doneAt: _done, organisation: _own, ...task }) => ({
      taskId: id,
      ...task,
      raisedAt: raisedAt.toISOString(),
      patient: records.find((one) => one.patientId === task.patientId && one.custodian === organisation)
        ?.identity,
    }));
  },
  after: async (_ctx, tasks) => ({ tasks }),
  audit: {
    how: "each",
    verb: "listed",
    subjects: (_input, done) => ({ detail: { tasks: done?.length ?? 0 } }),
  },
});

/** It was seen to, in these words. @throws {NotFound} `TASK_NOT_FOUND` */
export const finishTask = defineAction({
  name: "consent.finish-task",
  input: z.object({ taskId: z.uuid(), words: z.string().trim().max(400).default("") }),
  policy: mayFinish,
  absent: noSuchTask,
  async load(tx, { taskId }) {
    const task = await findTask(tx, taskId);
    if (!task) throw noSuchTask();
    return task;
  },
  async run(tx, { taskId, words }, task) {
    await finishTaskNow(tx, taskId, words);
    return task;
  },
  after: async (_ctx, { id }) => ({ taskId: id }),
  audit: {
    how: "each",
    verb: "changed",
    subjects: ({ taskId }, done) => ({
      ...(done ? { patientId: done.patientId, custodian: done.organisation } : {}),
      detail: { taskId, act: "finished", ...(done ? { kind: done.kind } : {}) },
    }),
  },
});
