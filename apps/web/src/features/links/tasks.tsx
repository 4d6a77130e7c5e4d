"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { Failed } from "#features/shell/failed.tsx";
import { TextField } from "#features/shell/field.tsx";
import { Panel } from "#features/shell/page.tsx";
import { nameOf } from "#features/shell/patient-banner.tsx";
import { type Outputs, useTRPC } from "#features/shell/trpc.tsx";

type Task = Outputs["links"]["listTasks"]["tasks"][number];

/** What happened, and what to do. */
const KINDS: Record<Task["kind"], { title: string; text: string }> = {
  "not-delivered": {
    title: "A message wasn't delivered",
    text: "Read the contact back, then send the link again.",
  },
  locked: {
    title: "A link is locked",
    text: "Ten wrong codes. Call the patient: was it them? Then send a new one.",
  },
  "not-me": {
    title: "“This isn't me”",
    text: "The link went to somebody else and has ended. Read the contact back.",
  },
  "new-link": { title: "A new link is asked for", text: "Call the patient first, then send the link again." },
  "access-asked": { title: "A patient asks about a look", text: "Look into it, and answer them." },
  safeguarding: {
    title: "Somebody tried to share what may not go out",
    text: "Talk with who asked, and why.",
  },
  "proxy-review": {
    title: "A proxy's access is to be looked at again",
    text: "See the patient, alone where you can.",
  },
};

function Item({ task, onDone }: { task: Task; onDone(): void }) {
  const trpc = useTRPC();
  const [words, setWords] = useState("");
  const finish = useMutation(trpc.links.finishTask.mutationOptions({ onSuccess: onDone }));
  const { title, text } = KINDS[task.kind];
  return (
    <li className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0">
      <p>
        <strong>{title}</strong> <span className="text-muted">{asMoment(task.raisedAt)}</span>
      </p>
      <p>
        <Link href={`/patients/${task.patientId}/links`} prefetch={false} className="text-accent underline">
          {task.patient ? nameOf(task.patient) : "The patient"}
        </Link>
        . {text}
      </p>
      {task.words ? <blockquote className="border-l-4 border-field pl-3">{task.words}</blockquote> : null}
      <div className="flex flex-wrap items-end gap-2">
        <TextField
          label="What came of it"
          value={words}
          maxLength={400}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button disabled={finish.isPending} onClick={() => finish.mutate({ taskId: task.taskId, words })}>
          Seen to
        </Button>
      </div>
      <Failed title="It wasn't noted" error={finish.error} />
    </li>
  );
}

/** What of patients' links waits for whoever is signed in. */
export function Tasks({ first }: { first: Outputs["links"]["listTasks"] }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const list = useQuery(trpc.links.listTasks.queryOptions({}, { initialData: first }));
  const again = () => void queries.invalidateQueries({ queryKey: trpc.links.listTasks.queryKey() });
  return (
    <Panel>
      <Failed title="Tasks can't be read" error={list.error} />
      {list.data.tasks.length === 0 ? <p className="px-4 py-3">Nothing waits for you.</p> : null}
      <ul aria-label="Tasks">
        {list.data.tasks.map((task) => (
          <Item key={task.taskId} task={task} onDone={again} />
        ))}
      </ul>
    </Panel>
  );
}
