import type { Ports } from "@weald/core/kernel";
import type { ObjectStore } from "@weald/core/ports";
import { type FunctionHost, type FunctionSpec, inProcessHost } from "@weald/dev-env/cloud";

export type Requests = { put: number; get: number; deleted: number };
export type Calls = Record<string, { invocations: number; ms: number; memoryMb: number }>;

/** As the S3 adapter asks for each call of the port (packages/adapters/src/object-store/s3.ts): a write is looked at once it is written. */
const PRICED_AS: Record<string, (args: readonly unknown[]) => Partial<Requests>> = {
  put: ([, body, options]) => ({ put: 1, get: 1 + headFirst(options, body instanceof Uint8Array) }),
  copyFrom: ([, , , options]) => ({ put: 1, get: 1 + headFirst(options, false) }),
  read: () => ({ get: 1 }),
  head: () => ({ get: 1 }),
  delete: () => ({ deleted: 1 }),
  list: () => ({ put: 1 }),
};
const headFirst = (options: unknown, isWhole: boolean): number =>
  !isWhole && options instanceof Object && "ifAbsent" in options && options.ifAbsent ? 1 : 0;

/** Counts what a store is asked, wherever it is asked from: the handlers of a region in this process share its ports. */
function countStore(store: ObjectStore, counted: Requests): void {
  for (const [name, priced] of Object.entries(PRICED_AS)) {
    const known: unknown = Reflect.get(store, name);
    if (typeof known !== "function") throw new Error(`a store has no ${name}`);
    Reflect.set(store, name, (...args: unknown[]) => {
      const { put = 0, get = 0, deleted = 0 } = priced(args);
      counted.put += put;
      counted.get += get;
      counted.deleted += deleted;
      return Reflect.apply(known, store, args);
    });
  }
}

export function countRequests({ inbox, archive, shares, spool }: Ports): Requests {
  const counted = { put: 0, get: 0, deleted: 0 };
  for (const store of [inbox, archive, shares, spool]) countStore(store, counted);
  return counted;
}

/** Counts invocations and their time. One event after the other, so that the time is that of one. */
export function countedHost(calls: Calls) {
  return (spec: FunctionSpec): FunctionHost => {
    const host = inProcessHost(spec);
    calls[spec.id] ??= { invocations: 0, ms: 0, memoryMb: spec.memoryMb };
    return {
      ...host,
      async invoke(event, how) {
        const began = performance.now();
        try {
          return await host.invoke(event, how);
        } finally {
          const call = calls[spec.id];
          if (call) {
            call.invocations += 1;
            call.ms += performance.now() - began;
          }
        }
      },
    };
  };
}
