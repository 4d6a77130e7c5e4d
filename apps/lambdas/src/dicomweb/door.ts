import type { Front } from "@weald/adapters/front";
import type { ErrorKind } from "@weald/core/kernel";
import type { z } from "zod";
import type { Answers } from "./answers.ts";
import { AnsweredJson, type Asked, type Refused } from "./asked.ts";
import { STATUS } from "./respond.ts";

/** What the action behind the door refused, on its way to the response. */
export class DoorRefused extends Error {
  readonly refused: Refused;
  readonly status: number;
  constructor(refused: Refused, status: number = STATUS[refused.kind]) {
    super(refused.code);
    this.refused = refused;
    this.status = status;
  }
}

export const refuse = (kind: ErrorKind, code: string, message: string, status = STATUS[kind]): never => {
  throw new DoorRefused({ kind, code, message }, status);
};

export type Input<K extends keyof Answers> = z.input<Answers[K]["input"]>;
/** What an action answers, as JSON leaves it: dates are text. */
export type Done<K extends keyof Answers> = Awaited<ReturnType<Answers[K]>>;

export type Door = {
  front: Front;
  /** @throws {DoorRefused} with the action's refusal */
  ask<K extends keyof Answers>(name: K, input: Input<K>): Promise<Done<K>>;
};

export function doorFor(front: Front, authorization: string | null, source: Asked["source"]): Door {
  return {
    front,
    async ask<K extends keyof Answers>(name: K, input: Input<K>): Promise<Done<K>> {
      const answered = AnsweredJson.parse(await front.ask({ ask: name, authorization, source, input }));
      if ("refused" in answered) throw new DoorRefused(answered.refused);
      return answered.done as Done<K>;
    },
  };
}
