"use client";
import { BigButton, Title } from "#features/link/parts.tsx";

export default function PatientError({ reset }: { error: Error; reset: () => void }) {
  return (
    <>
      <Title>This page can't be shown just now</Title>
      <p>Nothing was lost. Try again in a moment.</p>
      <BigButton onClick={reset}>Try again</BigButton>
    </>
  );
}
