import type { Front } from "@weald/adapters/front";
import type { ErrorKind } from "@weald/core/kernel";
import type { z } from "zod";
import type { Answers } from "./answers.ts";
import { AnsweredJson, type Refused } from "./asked.ts";
import { type DoorRequest, type DoorResponse, refusal, STATUS } from "./respond.ts";

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

type Input<K extends keyof Answers> = z.input<Answers[K]["input"]>;
/** What an action answers, as JSON leaves it: dates are text. */
type Done<K extends keyof Answers> = Awaited<ReturnType<Answers[K]>>;

export type Door = {
  front: Front;
  /** @throws {DoorRefused} with the action's refusal */
  ask<K extends keyof Answers>(name: K, input: Input<K>): Promise<Done<K>>;
};

function doorFor(front: Front, authorization: string | null): Door {
  return {
    front,
    async ask<K extends keyof Answers>(name: K, input: Input<K>): Promise<Done<K>> {
      const answered = AnsweredJson.parse(await front.ask({ ask: name, authorization, input }));
      if ("refused" in answered) throw new DoorRefused(answered.refused);
      return answered.done as Done<K>;
    },
  };
}

type Route = (door: Door, request: DoorRequest) => Promise<DoorResponse>;

/** Method and path of each transaction (PS3.18 §10), first match wins. */
const ROUTES: readonly { method: string; path: RegExp; answer: Route }[] = [];

const notHere: Route = async (door, request) => {
  // Without a token nobody learns what is here.
  await door.ask("organisation.list", {});
  return refusal(404, {
    code: "NO_SUCH_RESOURCE",
    message: `There is nothing at this path: ${request.path}`,
  });
};

/** Answers one DICOMweb request. Never throws: what went wrong is a response. */
export async function answerRequest(front: Front, request: DoorRequest): Promise<DoorResponse> {
  const door = doorFor(front, request.headers.authorization ?? null);
  const route = ROUTES.find(({ method, path }) => method === request.method && path.test(request.path));
  try {
    return await (route?.answer ?? notHere)(door, request);
  } catch (error) {
    if (error instanceof DoorRefused) return refusal(error.status, error.refused);
    return refusal(503, { code: "UNAVAILABLE", message: "The region can't answer just now. Try again." });
  }
}
