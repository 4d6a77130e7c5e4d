import { Title } from "./parts.tsx";
import type { Closed as Why } from "./standing.ts";

const WORDS: Record<Why, { title: string; text: string; next: string }> = {
  ended: {
    title: "This link has ended",
    text: "The pictures aren't shown here any more. They are still safe at the hospital.",
    next: "If you still want to see them, ask the hospital for a new link.",
  },
  expired: {
    title: "This link's time is over",
    text: "A link works for some weeks only. Your pictures are still safe at the hospital.",
    next: "If you still want to see them, ask the hospital for a new link.",
  },
  paused: {
    title: "This link waits for a check",
    text: "The hospital looks again at who may see these pictures. Nothing is shown until that is done.",
    next: "You need do nothing. The hospital will be in touch.",
  },
  finished: {
    title: "You have finished looking",
    text: "Nothing is shown on this device any more.",
    next: "To look again, open the link in your message once more and ask for a code.",
  },
  unreachable: {
    title: "We can't reach the hospital just now",
    text: "To keep your pictures safe, we hide them while we can't ask whether you may still see them.",
    next: "Check your connection. They come back by themselves.",
  },
};

/** In place of the pictures, kindly. */
export function Closed({ why }: { why: Why }) {
  const { title, text, next } = WORDS[why];
  return (
    <div role="alert" className="flex flex-col gap-4">
      <Title>{title}</Title>
      <p>{text}</p>
      <p>{next}</p>
    </div>
  );
}
