import "server-only";
import { randomUUID } from "node:crypto";
import { service, systemCtx } from "@weald/adapters";
import * as Consent from "@weald/core/consent";
import { type Ctx, purposeOf } from "@weald/core/kernel";
import { cookies, headers } from "next/headers";
import { requestSource } from "./ctx.ts";
import { settings } from "./settings.ts";
import type { TrpcContext, Visitor } from "./trpc.ts";

/** A cookie of its own: it makes no session of staff, and theirs makes none of a patient's. */
export function linkCookieName(): string {
  const { cookieSuffix, portalUrl } = settings();
  const name = `${portalUrl.startsWith("https:") ? "__Host-" : ""}weald.link`;
  return cookieSuffix ? `${name}.${cookieSuffix}` : name;
}

const TABLET = /iPad|Tablet|PlayBook|Silk|Android(?!.*Mobile)/i;
const PHONE = /Mobi|iPhone|iPod|Android/i;
const COMPUTER = /Windows|Macintosh|X11|Linux|CrOS/i;

/** What kind of device a browser says that it is on: for the patient's list of openings, and for nothing else. */
export function deviceOf(agent: string): Visitor["device"] {
  if (TABLET.test(agent)) return "tablet";
  if (PHONE.test(agent)) return "phone";
  return COMPUTER.test(agent) ? "computer" : "unknown";
}

function cookieOf(value: string, seconds: number): string {
  const secure = settings().portalUrl.startsWith("https:") ? "; Secure" : "";
  return `${linkCookieName()}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

const MOST_AGENT = 500;
const agentOf = (all: Headers): string => (all.get("user-agent") ?? "").slice(0, MOST_AGENT);

async function visitorOf(all: Headers, answer: Headers | undefined): Promise<Visitor> {
  const source = await requestSource();
  const agent = agentOf(all);
  const set = (cookie: string) => answer?.append("set-cookie", cookie);
  const ctx = await systemCtx("portal", "link", randomUUID());
  return {
    ctx: { ...ctx, source },
    address: source.address ?? "unknown",
    ...{ agent, device: deviceOf(agent) },
    keep: (secret, endsAt) =>
      set(cookieOf(secret, Math.max(0, Math.ceil((endsAt.getTime() - Date.now()) / 1000)))),
  };
}

async function patientCtx(visitor: Visitor): Promise<Ctx | undefined> {
  const secret = (await cookies()).get(linkCookieName())?.value;
  if (!secret || !Consent.TOKEN.test(secret)) return undefined;
  const actor = await Consent.findSession(visitor.ctx, { secret, agent: visitor.agent });
  if (!actor) return undefined;
  const { source, correlationId } = visitor.ctx;
  return {
    ...{ service: await service(), actor, session: { id: actor.id }, door: "link" },
    ...{ purpose: purposeOf(actor), correlationId },
    ...(source ? { source } : {}),
  };
}

/** The context of one request at a patient's door. `answer`: where cookies are set; a page that is drawn sets none. */
export async function mineCtx(answer?: Headers): Promise<TrpcContext> {
  const visitor = await visitorOf(await headers(), answer);
  return { ctx: await patientCtx(visitor), visitor };
}
