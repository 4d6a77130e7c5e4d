// Lambda's global for streamed responses, as its Node runtime gives it: the metadata as JSON, eight zero bytes, the body.
const METADATA_ENDS = Buffer.alloc(8);

// AWS's own libraries keep something of theirs in it, too.
globalThis.awslambda = Object.assign(globalThis.awslambda ?? {}, {
  streamifyResponse: (handler) => handler,
  HttpResponseStream: {
    from(stream, metadata) {
      stream.write(JSON.stringify(metadata));
      stream.write(METADATA_ENDS);
      return stream;
    },
  },
});
