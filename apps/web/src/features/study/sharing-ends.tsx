"use client";
import { Button } from "#features/shell/button.tsx";
import { asMoment } from "#features/shell/dates.ts";
import { Notice } from "#features/shell/notice.tsx";

/** While it lasts: the agreement has ended, and what is open closes by itself. */
export const ClosesSoon = ({ at, trustName }: { at: string; trustName: string }) => (
  <p role="status" className="bg-amber-soft px-4 py-1 font-semibold text-amber">
    {trustName} shares no more with your trust. This study closes at {asMoment(at)}, and doesn't open again.
  </p>
);

/** In place of the images, once nothing more of them comes. */
export function SharingOver({ trustName, onClose }: { trustName: string; onClose(): void }) {
  return (
    <div className="fixed inset-0 z-30 flex flex-col gap-4 bg-panel p-6 text-ink">
      <h1>This study is shared no more</h1>
      <Notice tone="danger" title={`${trustName} has ended or stopped what it shares with your trust`}>
        Nothing more of it is shown. Where you need it for a patient in your care, ask that trust's radiology
        department by telephone.
      </Notice>
      <p>
        <Button onClick={onClose}>Close</Button>
      </p>
    </div>
  );
}
