import type { ReactNode } from "react";
import type { MineView } from "./mine-client.ts";

type Asked = Pick<MineView, "help" | "trust" | "recipient">;

function Questions({ help }: { help: MineView["help"] }) {
  if (!help.phone)
    return (
      <p>
        <strong>Questions: </strong>use the number on your appointment letter.
      </p>
    );
  return (
    <p>
      <strong>Questions: </strong>
      <a href={`tel:${help.phone.replace(/[^0-9+]/g, "")}`} className="font-semibold underline">
        {help.phone}
      </a>
      {help.hours ? `, ${help.hours}` : ""}.
    </p>
  );
}

const Box = ({ children }: { children: ReactNode }) => (
  <div className="flex flex-col gap-2 rounded-md border-l-8 border-info bg-info-soft px-4 py-3">
    {children}
  </div>
);

/** Under every picture: who explains it, by when, whom to call, and what to do if unwell now (clinical page §18). */
export function Help({ help, trust, recipient }: Asked) {
  if (recipient === "passed-on")
    return (
      <Box>
        <p>
          <strong>From: </strong>
          {trust || "the hospital"}. For the originals, or a report that you need, ask its radiology
          department
          {help.phone ? `, ${help.phone}` : ""}.
        </p>
      </Box>
    );
  return (
    <Box>
      <p>
        <strong>Who explains this to you: </strong>
        {help.name || `the team at ${trust || "the hospital"} that asked for it`}.
      </p>
      <Questions help={help} />
      <p>
        <strong>If you feel unwell now, </strong>don't wait for anybody to explain a picture. Call 111, or 999
        in an emergency.
      </p>
    </Box>
  );
}

const FOR_A_PATIENT =
  "These pictures are copies for you to keep an eye on your own care. A phone or home screen can't show everything that doctors see, so please don't judge your health by them alone. A picture can look odd and be quite normal.";
const FOR_A_PROXY =
  "These pictures are copies. A phone or home screen can't show everything that doctors see, so please don't judge anybody's health by them alone. A picture can look odd and be quite normal.";
const FOR_A_CLINICIAN =
  "These are copies for review, not for primary diagnosis. This page isn't a certified medical device.";

export const DISCLAIMER: Record<MineView["recipient"], string> = {
  patient: FOR_A_PATIENT,
  proxy: FOR_A_PROXY,
  "passed-on": FOR_A_CLINICIAN,
};
