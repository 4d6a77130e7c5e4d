// Written by `npm run infra:manifest` from the evaluated sst.config.ts.
declare module "sst" {
  export interface Resource {
    App: { name: string; stage: string };
    AcceptInvoke: { "name": string };
    Archive: { "name": string };
    ArchiveManifests: { "name": string };
    ArchivePacks: { "name": string };
    ArchivePictures: { "name": string };
    ArchiveRead: { "name": string };
    ArchiveWrite: { "name": string };
    Arrivals: { "url": string };
    ArrivalsDeadLetters: { "url": string };
    ArrivalsSend: { "bulk": string; "routine": string; "urgent": string };
    BackChannelLogout: { "name": string; "url": string };
    BulkArrivals: { "url": string };
    BulkArrivalsDeadLetters: { "url": string };
    Database: { "database": string; "host": string; "password": string; "port": number; "username": string };
    DatabaseOwner: { "database": string; "host": string; "password": string; "port": number; "username": string };
    DatabasePassword: { "value": string };
    Db: { "clusterArn": string; "database": string; "host": string; "password": string; "port": number; "reader": unknown; "secretArn": string; "username": string };
    DicomwebAnswer: { "name": string };
    DicomwebAnswerInvoke: { "name": string };
    DicomwebRouter: { "url": string };
    DicomwebStream: { "name": string; "url": string };
    DrawPicture: { "name": string };
    DrawPictureInvoke: { "name": string };
    Facts: { "url": string };
    FactsDeadLetters: { "url": string };
    FactsSend: { "url": string };
    Gateway: { "service": string; "url": string };
    Inbox: { "name": string };
    InboxUpload: { "name": string };
    InboxWork: { "name": string };
    MigrateDatabase: { "name": string };
    NotifyApiKey: { "value": string };
    PackFrames: { "name": string };
    PackFramesInvoke: { "name": string };
    Portal: { "url": string };
    PortalPrivateJwk: { "value": string };
    QueuesWatch: { "Arrivals": string; "ArrivalsDeadLetters": string; "BulkArrivals": string; "BulkArrivalsDeadLetters": string; "Facts": string; "FactsDeadLetters": string; "UrgentArrivals": string; "UrgentArrivalsDeadLetters": string };
    Router: { "url": string };
    Seals: { "name": string };
    SealsRead: { "name": string };
    SealsWrite: { "name": string };
    SessionSecret: { "value": string };
    Shares: { "name": string };
    SharesRead: { "name": string };
    SharesSweep: { "name": string };
    SharesWrite: { "name": string };
    Spool: { "name": string };
    SpoolMerge: { "name": string };
    SpoolWrite: { "name": string };
    StorageIdSecret: { "value": string };
    UrgentArrivals: { "url": string };
    UrgentArrivalsDeadLetters: { "url": string };
    Vpc: {  };
  }
}
import "sst";

export {};
