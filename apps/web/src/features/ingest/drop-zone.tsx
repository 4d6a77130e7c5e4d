"use client";
import { FolderUp } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { Button } from "#features/shell/button.tsx";
import { useIsHere } from "#features/shell/use-is-here.ts";
import { type FoundFile, filesInDrop, filesInInput } from "./files-in.ts";

type Props = { isDisabled: boolean; why: string | undefined; onFiles(files: FoundFile[]): void };

export function DropZone({ isDisabled: isRefused, why, onFiles }: Props) {
  const isDisabled = !useIsHere() || isRefused;
  const [isOver, setIsOver] = useState(false);
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);

  async function drop(event: DragEvent<HTMLElement>): Promise<void> {
    event.preventDefault();
    setIsOver(false);
    if (!isDisabled) onFiles(await filesInDrop(event.dataTransfer));
  }

  return (
    <section
      aria-label="Drop files here"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => void drop(event)}
      className={`flex flex-col items-center gap-3 rounded-md border-2 border-dashed px-4 py-10 text-center ${
        isOver && !isDisabled ? "border-accent bg-info-soft" : "border-field bg-panel"
      }`}
    >
      <FolderUp aria-hidden size={32} className="text-muted" />
      <p>{why ?? "Drop a folder or files here, or choose them:"}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button tone="main" disabled={isDisabled} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
        <Button disabled={isDisabled} onClick={() => files.current?.click()}>
          Choose files
        </Button>
      </div>
      <input
        ref={folder}
        type="file"
        hidden
        multiple
        // React knows this attribute only in lower case.
        {...{ webkitdirectory: "" }}
        aria-label="Folder of DICOM files"
        onChange={(event) => onFiles(filesInInput(event.target.files))}
      />
      <input
        ref={files}
        type="file"
        hidden
        multiple
        aria-label="DICOM files"
        onChange={(event) => onFiles(filesInInput(event.target.files))}
      />
    </section>
  );
}
