import { useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { BlobPicture } from "../ui/blob-picture.tsx";

export type PrintedPicture = { key: string; blob: Blob; caption: string };
export type PrintedPage = {
  patientLines: readonly string[];
  isDemonstration: boolean;
  pictures: readonly PrintedPicture[];
  /** How many viewports have nothing that could be printed. */
  left: number;
  columns: number;
  by: string;
};

function Printed({ blob, caption }: Omit<PrintedPicture, "key">) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(blob);
    if (image.current) image.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [blob]);
  return (
    <figure className="break-inside-avoid">
      <BlobPicture ref={image} alt={caption} className="max-h-[75vh] w-full object-contain" />
      <figcaption className="text-[10pt]">{caption}</figcaption>
    </figure>
  );
}

/** What is on paper, and on no screen: who it is at its head, what it is not at its foot, on each page. */
export function PrintPage({ page, onDone }: { page: PrintedPage; onDone(): void }) {
  const root = useRef<HTMLDivElement>(null);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    let isLeft = false;
    const finish = () => done.current();
    async function print(): Promise<void> {
      const images = [...(root.current?.querySelectorAll("img") ?? [])];
      // Paper has no second chance: nothing is printed before every picture is there.
      await Promise.all(images.map((image) => image.decode()));
      if (isLeft) return;
      window.addEventListener("afterprint", finish, { once: true });
      window.print();
    }
    void print().catch(finish);
    return () => {
      isLeft = true;
      window.removeEventListener("afterprint", finish);
    };
  }, []);
  const { patientLines, isDemonstration, pictures, left, columns, by } = page;
  return createPortal(
    <div ref={root} data-print data-theme="light" className="hidden bg-white text-black print:block">
      {isDemonstration ? (
        <p className="border-2 border-black text-center font-bold">
          DEMONSTRATION: patients and staff are invented
        </p>
      ) : null}
      <section aria-label="Patient on paper" className="my-2 border-b-2 border-black pb-2">
        {patientLines.map((line, index) => (
          <p key={line} className={index === 0 ? "text-[14pt] font-bold" : "text-[11pt]"}>
            {line}
          </p>
        ))}
      </section>
      <div className="grid gap-2" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {pictures.map(({ key, blob, caption }) => (
          <Printed key={key} blob={blob} caption={caption} />
        ))}
      </div>
      {left > 0 ? (
        <p className="font-bold">
          {left === 1 ? "One viewport had" : `${left} viewports had`} no picture and{" "}
          {left === 1 ? "is" : "are"} not on this page.
        </p>
      ) : null}
      <p className="mt-2 border-t-2 border-black pt-1 text-[10pt]">
        <strong>Not a certified medical device: for review, not for primary diagnosis.</strong> Not to the
        size of the patient. {by}
      </p>
    </div>,
    document.body,
  );
}
