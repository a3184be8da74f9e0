/** Lets a chart be read point by point: with a pointer, or with the arrow keys once it has the focus. */
export function readChart(
  chart: HTMLElement,
  parts: { readonly points: number; readonly say: (at: number) => void },
): void {
  const { points, say } = parts;
  if (points === 0) return;
  let now = points - 1;
  const go = (at: number): void => {
    now = Math.min(Math.max(at, 0), points - 1);
    for (const svg of chart.querySelectorAll('svg')) placeCursor(svg, points === 1 ? 0 : now / (points - 1));
    say(now);
  };
  chart.addEventListener('pointermove', (event) => {
    const svg = (event.target as Element).closest('svg');
    if (svg === null) return;
    const { left, right, width } = spanOf(svg);
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    go(Math.round(((x - left) / (right - left)) * (points - 1)));
  });
  chart.addEventListener('keydown', (event) => {
    const step = event.shiftKey ? 10 : 1;
    const next = { ArrowLeft: now - step, ArrowRight: now + step, Home: 0, End: points - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    go(next);
  });
}

function placeCursor(svg: SVGSVGElement, share: number): void {
  const { left, right } = spanOf(svg);
  const line = svg.querySelector('.cursor line');
  const x = String(left + share * (right - left));
  line?.setAttribute('x1', x);
  line?.setAttribute('x2', x);
  svg.querySelector('.cursor')?.setAttribute('data-on', '');
}

/** Where the points lie on the paper of a drawing. */
function spanOf(svg: SVGSVGElement): { readonly left: number; readonly right: number; readonly width: number } {
  const cursor = svg.querySelector('.cursor');
  return {
    left: Number(cursor?.getAttribute('data-left') ?? 0),
    right: Number(cursor?.getAttribute('data-right') ?? 1),
    width: Number(svg.getAttribute('viewBox')?.split(' ')[2] ?? 1),
  };
}
