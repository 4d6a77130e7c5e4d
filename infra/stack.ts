import { alarms } from "./alarms";
import { database } from "./database";
import { dicomweb } from "./dicomweb";
import { gateway } from "./gateway";
import { identity } from "./identity";
import { ingest } from "./ingest";
import { letters } from "./letters";
import { notify } from "./notify";
import { packing } from "./packing";
import { pictures } from "./pictures";
import { queues } from "./queues";
import { storage } from "./storage";
import { web } from "./web";

/** The region as a parts list. One concern a file; each is given what it may use. */
export function stack() {
  const store = storage();
  const data = database();
  const messages = queues();
  const functions = ingest({ ...store, ...data, ...messages });
  const notifier = notify();
  const portal = web({ ...store, ...data, ...messages, ...notifier });
  const { dicomwebRouter } = dicomweb({ ...store, ...data, ...portal, ...functions });
  pictures({ ...store, ...data });
  const packers = packing({ ...store, ...data });
  const senders = letters({ ...data, ...notifier, ...portal });
  identity({ ...data, ...portal, dicomwebRouter });
  gateway(data);
  alarms({ ...data, ...messages, ...functions, ...senders, ...packers });
  return {
    portal: portal.site.url,
    dicomweb: dicomwebRouter.url,
    inbox: store.inbox.name,
    archive: store.archive.name,
  };
}
