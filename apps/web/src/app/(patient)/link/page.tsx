import { Start } from "#features/link/start.tsx";

/** The same for every link and for whoever fetches it: what the link holds never leaves the browser by a GET. */
export default function LinkPage() {
  return <Start />;
}
