import type { Metadata } from "next";
import { RoomPage } from "../room-page.tsx";

export const metadata: Metadata = { title: "In the room" };

type Props = {
  params: Promise<{ meetingId: string }>;
  searchParams: Promise<{ case?: string | string[] | undefined }>;
};

export default async function Page({ params, searchParams }: Props) {
  const at = (await searchParams).case;
  return (
    <RoomPage meetingId={(await params).meetingId} as="room" at={typeof at === "string" ? at : undefined} />
  );
}
