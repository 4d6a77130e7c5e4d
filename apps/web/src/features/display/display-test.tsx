/** A pattern after SMPTE RP 133 and AAPM TG18-QC: what a reader checks without an instrument. Greys are display levels, 0 to 255. */
const STEPS = 18;
const grey = (level: number) => `rgb(${level},${level},${level})`;
const levelOf = (step: number) => Math.round((step * 255) / (STEPS - 1));
const FIVE_PERCENT = 13;
const NINETY_FIVE_PERCENT = 242;

const CHECKS = [
  "In the black square you see a slightly lighter one; in the white square a slightly darker one.",
  "Every step of the grey scale differs from its neighbours.",
  "The lines in the corners and in the middle are separate, black and white, without colour.",
  "The circle is round, and every edge of the frame is on the screen.",
] as const;

function Patch({ x, outer, inner, name }: { x: number; outer: number; inner: number; name: string }) {
  return (
    <g>
      <title>{name}</title>
      <rect x={x} y={150} width={90} height={90} fill={grey(outer)} />
      <rect x={x + 27} y={177} width={36} height={36} fill={grey(inner)} />
    </g>
  );
}

/** Line pairs of one picture pixel each: upright, then level. */
function Lines({ x, y }: { x: number; y: number }) {
  return (
    <g shapeRendering="crispEdges">
      <rect x={x} y={y} width={64} height={32} fill={grey(0)} />
      {Array.from({ length: 16 }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <g key={line}>
          <rect x={x + line * 2} y={y} width={1} height={32} fill={grey(255)} />
          <rect x={x + 32} y={y + line * 2} width={32} height={1} fill={grey(255)} />
        </g>
      ))}
    </g>
  );
}

export function DisplayTest() {
  return (
    <>
      <svg
        viewBox="0 0 720 400"
        width={720}
        height={400}
        role="img"
        aria-label="Test pattern: grey steps, squares of 5 and 95 percent, fine lines, a circle"
        className="h-auto max-w-full"
      >
        <rect width={720} height={400} fill={grey(127)} stroke={grey(255)} strokeWidth={2} />
        {Array.from({ length: STEPS }, (_, step) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
            key={step}
            x={step * 40}
            y={280}
            width={40}
            height={70}
            fill={grey(levelOf(step))}
          />
        ))}
        <Patch x={120} outer={0} inner={FIVE_PERCENT} name="5 percent in black" />
        <Patch x={510} outer={255} inner={NINETY_FIVE_PERCENT} name="95 percent in white" />
        <circle cx={360} cy={195} r={75} fill="none" stroke={grey(255)} strokeWidth={2} />
        <Lines x={328} y={179} />
        {[
          [8, 8],
          [648, 8],
          [8, 360],
          [648, 360],
        ].map(([x = 0, y = 0]) => (
          <Lines key={`${x}-${y}`} x={x} y={y} />
        ))}
        <text x={360} y={60} textAnchor="middle" fill={grey(255)} fontSize={20}>
          Weald display test · DEMONSTRATION
        </text>
      </svg>
      <ol className="ml-5 list-decimal">
        {CHECKS.map((check) => (
          <li key={check}>{check}</li>
        ))}
      </ol>
      <p className="max-w-prose text-muted">
        Passing this is no calibration (DICOM PS3.14, grayscale standard display function): that is measured
        with an instrument. Weald is for review, not for primary diagnosis.
      </p>
    </>
  );
}
