import type { Metadata } from "next";
import { RoomPage } from "../room-page.tsx";

export const metadata: Metadata = { title: "Display" };

type Props = { params: Promise<{ meetingId: string }> };

export default async function Page({ params }: Props) {
  return <RoomPage meetingId={(await params).meetingId} as="display" />;
}
