import type { Chart } from './book.ts';
import { escaped } from './sheet-xml.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const CHART = 'http://schemas.openxmlformats.org/drawingml/2006/chart';
const EMU_PER_PIXEL = 9_525;

/** Where a part's relationships stand: its folder, `_rels`, its name. */
export const DRAWING_RELATION = `${OFFICE}/drawing`;

const DRAWING_NAMES = [
  'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
].join(' ');

/** The part that places the charts of a sheet; the n-th chart is its relationship rIdn. */
export function drawingXml(charts: readonly Chart[]): string {
  return `${HEAD}<xdr:wsDr ${DRAWING_NAMES}>${charts.map(anchorXml).join('')}</xdr:wsDr>`;
}

function anchorXml({ title, alt, place }: Chart, at: number): string {
  const from = `<xdr:from><xdr:col>${place.column - 1}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${place.row - 1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>`;
  const size = `<xdr:ext cx="${place.width * EMU_PER_PIXEL}" cy="${place.height * EMU_PER_PIXEL}"/>`;
  const facts = `<xdr:cNvPr id="${at + 2}" name="${escaped(title)}" descr="${escaped(alt)}"/><xdr:cNvGraphicFramePr/>`;
  const shift = '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>';
  const chart = `<c:chart xmlns:c="${CHART}" xmlns:r="${OFFICE}" r:id="rId${at + 1}"/>`;
  const graphic = `<a:graphic><a:graphicData uri="${CHART}">${chart}</a:graphicData></a:graphic>`;
  const frame = `<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>${facts}</xdr:nvGraphicFramePr>${shift}${graphic}</xdr:graphicFrame>`;
  return `<xdr:oneCellAnchor>${from}${size}${frame}<xdr:clientData/></xdr:oneCellAnchor>`;
}

/** Relationships of a drawing to its charts, of which the first has this number in the whole book. */
export function drawingRelations(charts: readonly Chart[], first: number): string {
  const list = charts.map(
    (_, at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/chart" Target="../charts/chart${first + at}.xml"/>`,
  );
  return `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join('')}</Relationships>`;
}

const TYPE = 'application/vnd.openxmlformats-officedocument';

/** Entries of the list of content types. */
export function drawingTypes(drawings: number, charts: number): string {
  const part = (name: string, type: string): string =>
    `<Override PartName="/xl/${name}" ContentType="${TYPE}.${type}+xml"/>`;
  return [
    ...Array.from({ length: drawings }, (_, at) => part(`drawings/drawing${at + 1}.xml`, 'drawing')),
    ...Array.from({ length: charts }, (_, at) => part(`charts/chart${at + 1}.xml`, 'drawingml.chart')),
  ].join('');
}
