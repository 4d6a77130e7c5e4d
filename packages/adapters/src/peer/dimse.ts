import dimse from "dcmjs-dimse";
import type { StudyFilter } from "./dicomweb.ts";
import { PeerFailed } from "./peer-failed.ts";

// What the library logs may name a patient.
dimse.log.setLevel("silent");

const { CFindRequest, CMoveRequest } = dimse.requests;
type Request = InstanceType<typeof dimse.requests.Request>;
type Response = InstanceType<typeof dimse.responses.Response>;

export type DimsePeerOptions = {
  host: string;
  port: number;
  /** The peer's AE title, and ours. */
  title: string;
  as: string;
};

const PENDING = [0xff00, 0xff01];
const isPending = (response: Response) => PENDING.includes(response.getStatus());
const isSuccess = (status: number) => status === 0x0000;
/** Some of what was asked for could not be sent. @see DICOM PS3.4 §C.4.2.1.5 */
const SOME_FAILED = 0xb000;

const rangeOf = ({ from, to }: StudyFilter) => (from || to ? `${from ?? ""}-${to ?? ""}` : "");

const UID = /^[0-9][0-9.]{0,63}$/;
function uidIn(response: Response, keyword: string): string[] {
  const value: unknown = response.getDataset()?.getElement(keyword);
  return typeof value === "string" && UID.test(value) ? [value] : [];
}

/**
 * Another archive over DIMSE, as a user: what it has, and its word to send a study on. The library of the gateway, here for
 * its small messages alone: no object passes it.
 *
 * @see DICOM PS3.4 §C (query/retrieve, study root)
 */
export function createDimsePeer({ host, port, title, as }: DimsePeerOptions) {
  /** One request on an association of its own; the last response says how it ended. */
  function ask(request: Request, onPending: (response: Response) => void): Promise<number> {
    return new Promise((resolve, reject) => {
      let status: number | undefined;
      const client = new dimse.Client();
      const away = (cause: unknown) =>
        reject(new PeerFailed(0, "The peer does not answer, or refuses us.", { cause }));
      request.on("response", (response: Response) => {
        if (isPending(response)) onPending(response);
        else status = response.getStatus();
      });
      client.addRequest(request);
      client.on("networkError", away);
      client.on("associationRejected", away);
      client.on("closed", () => (status === undefined ? away(undefined) : resolve(status)));
      client.send(host, port, as, title);
    });
  }

  async function found(request: Request, keyword: string): Promise<string[]> {
    const uids: string[] = [];
    const status = await ask(request, (response) => uids.push(...uidIn(response, keyword)));
    if (!isSuccess(status))
      throw new PeerFailed(status, `The peer answered ${status.toString(16)} to a query.`);
    return uids;
  }

  return {
    studies: (filter: StudyFilter) =>
      found(
        CFindRequest.createStudyFindRequest({
          StudyInstanceUID: "",
          StudyDate: rangeOf(filter),
          PatientID: filter.patientId ?? "",
        }),
        "StudyInstanceUID",
      ),
    series: (studyInstanceUid: string) =>
      found(
        CFindRequest.createSeriesFindRequest({ StudyInstanceUID: studyInstanceUid, SeriesInstanceUID: "" }),
        "SeriesInstanceUID",
      ),
    instances: (studyInstanceUid: string, seriesInstanceUid: string) =>
      found(
        CFindRequest.createImageFindRequest({
          StudyInstanceUID: studyInstanceUid,
          SeriesInstanceUID: seriesInstanceUid,
          SOPInstanceUID: "",
        }),
        "SOPInstanceUID",
      ),
    /**
     * The peer sends the study to `to`, by the address that it knows for that title.
     *
     * @returns false where it could not send all of it
     */
    async move(studyInstanceUid: string, to: string): Promise<boolean> {
      const status = await ask(CMoveRequest.createStudyMoveRequest(to, studyInstanceUid), () => {});
      if (isSuccess(status) || status === SOME_FAILED) return isSuccess(status);
      throw new PeerFailed(status, `The peer answered ${status.toString(16)} to a C-MOVE.`);
    },
  };
}
export type DimsePeer = ReturnType<typeof createDimsePeer>;
