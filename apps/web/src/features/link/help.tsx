import type { MineView } from "./mine-client.ts";

/** Under every picture: who explains it, by when, whom to call, and what to do if unwell now (clinical page §18). */
export function Help({ help, trust }: { help: MineView["help"]; trust: string }) {
  return (
    <div className="flex flex-col gap-2 rounded-md border-l-8 border-info bg-info-soft px-4 py-3">
      <p>
        <strong>Who explains this to you: </strong>
        {help.name || `the team at ${trust || "the hospital"} that asked for it`}.
      </p>
      {help.phone ? (
        <p>
          <strong>Questions: </strong>
          <a href={`tel:${help.phone.replace(/[^0-9+]/g, "")}`} className="font-semibold underline">
            {help.phone}
          </a>
          {help.hours ? `, ${help.hours}` : ""}.
        </p>
      ) : (
        <p>
          <strong>Questions: </strong>use the number on your appointment letter.
        </p>
      )}
      <p>
        <strong>If you feel unwell now, </strong>don't wait for anybody to explain a picture. Call 111, or 999
        in an emergency.
      </p>
    </div>
  );
}

export const DISCLAIMER =
  "These pictures are copies for you to keep an eye on your own care. A phone or home screen can't show everything that doctors see, so please don't judge your health by them alone. A picture can look odd and be quite normal.";
