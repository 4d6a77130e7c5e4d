/** That the portal answers. Whether a region behind it is well stands in its logs and alarms, not here for everyone. */
export function GET(): Response {
  return Response.json({ answers: true }, { headers: { "cache-control": "no-store" } });
}
