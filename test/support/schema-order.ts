/** Which elements may stand in which, and in which order, after the schemas of ECMA-376 part 1 (transitional), as far as books use them. */
import type { Element } from './xml-tree.ts';

const AXIS_HEAD =
  'axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses crossesAt';
const SERIES_HEAD = 'idx order tx spPr';

/** Children in order; `!` marks one that must be there, `*` one that may stand several times. */
const ORDERS: Readonly<Record<string, string>> = {
  worksheet:
    'sheetPr dimension sheetViews sheetFormatPr cols* sheetData! sheetCalcPr sheetProtection protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting* dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects controls webPublishItems tableParts extLst',
  sheetData: 'row*',
  row: 'c*',
  c: 'f v is extLst',
  cfRule: 'formula* colorScale dataBar iconSet extLst',
  colorScale: 'cfvo* color*',
  tableParts: 'tablePart*',
  workbook:
    'fileVersion fileSharing workbookPr workbookProtection bookViews sheets! functionGroups externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches extLst',
  definedNames: 'definedName*',
  sheets: 'sheet*',
  styleSheet: 'numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst',
  table: 'autoFilter sortState tableColumns! tableStyleInfo extLst',
  tableColumns: 'tableColumn*',
  Relationships: 'Relationship*',
  wsDr: 'oneCellAnchor*',
  oneCellAnchor: 'from! ext! graphicFrame! clientData!',
  graphicFrame: 'nvGraphicFramePr! xfrm! graphic!',
  nvGraphicFramePr: 'cNvPr! cNvGraphicFramePr!',
  chartSpace:
    'date1904 lang roundedCorners AlternateContent style clrMapOvr pivotSource protection chart! spPr txPr externalData printSettings userShapes extLst',
  chart:
    'title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea! legend plotVisOnly dispBlanksAs extLst',
  plotArea: 'layout areaChart* barChart* lineChart* scatterChart* catAx* dateAx* valAx* dTable spPr extLst',
  areaChart: 'grouping varyColors ser* dLbls dropLines axId* extLst',
  barChart: 'barDir! grouping varyColors ser* dLbls gapWidth overlap serLines axId* extLst',
  lineChart: 'grouping! varyColors ser* dLbls dropLines hiLowLines upDownBars marker smooth axId* extLst',
  scatterChart: 'scatterStyle! varyColors ser* dLbls axId* extLst',
  'graphicData/chart': '',
  'areaChart/ser': `${SERIES_HEAD} pictureOptions dPt* dLbls trendline errBars cat val! extLst`,
  'barChart/ser': `${SERIES_HEAD} invertIfNegative pictureOptions dPt* dLbls trendline errBars cat val! shape extLst`,
  'lineChart/ser': `${SERIES_HEAD} marker dPt* dLbls trendline errBars cat val! smooth extLst`,
  'scatterChart/ser': `${SERIES_HEAD} marker dPt* dLbls trendline errBars xVal! yVal! smooth extLst`,
  'lineChart/marker': '',
  marker: 'symbol size spPr extLst',
  dPt: 'idx! invertIfNegative marker bubble3D explosion spPr pictureOptions extLst',
  catAx: `${AXIS_HEAD} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl extLst`,
  dateAx: `${AXIS_HEAD} auto lblOffset baseTimeUnit majorUnit majorTimeUnit minorUnit minorTimeUnit extLst`,
  valAx: `${AXIS_HEAD} crossBetween majorUnit minorUnit dispUnits extLst`,
  scaling: 'logBase orientation max min extLst',
  title: 'tx layout overlay spPr txPr extLst',
  legend: 'legendPos legendEntry* layout overlay spPr txPr extLst',
  legendEntry: 'idx! delete txPr extLst',
  numRef: 'f! numCache extLst',
  strRef: 'f! strCache extLst',
  numCache: 'formatCode ptCount pt* extLst',
  strCache: 'ptCount pt* extLst',
  rich: 'bodyPr! lstStyle p*',
  txPr: 'bodyPr! lstStyle p*',
  p: 'pPr r* endParaRPr',
  r: 'rPr t!',
  spPr: 'xfrm custGeom prstGeom noFill solidFill gradFill pattFill ln effectLst',
  ln: 'noFill solidFill gradFill pattFill prstDash custDash round bevel miter headEnd tailEnd',
};

/** Parts whose elements are checked; others are the library's own and free of ours. */
const CHECKED = /^(?:xl\/(?:worksheets|tables|drawings|charts|workbook|styles)|\[Content_Types\]|_rels)/;
/** Elements that hold nothing in order, or what belongs to other schemas. */
const FREE = new Set(['extLst', 'dxfs', 'fonts', 'fills', 'borders', 'theme']);

export function orderFaults(part: string, root: Element): readonly string[] {
  return CHECKED.test(part) ? faultsOf(part, root, '') : [];
}

function faultsOf(part: string, element: Element, parent: string): readonly string[] {
  if (FREE.has(element.name)) return [];
  const order = ORDERS[`${parent}/${element.name}`] ?? ORDERS[element.name];
  const own = order === undefined ? [] : childFaults(element, order).map((fault) => `${part}: ${fault}`);
  return [...own, ...element.children.flatMap((one) => faultsOf(part, one, element.name))];
}

function childFaults({ name, children }: Element, order: string): readonly string[] {
  const allowed = order.split(' ').filter((one) => one !== '');
  const places = new Map(allowed.map((one, at) => [one.replace(/[!*]$/, ''), { at, rule: one.slice(-1) }]));
  const faults: string[] = [];
  let last = -1;
  for (const one of children) {
    const place = places.get(one.name);
    if (place === undefined) faults.push(`<${name}> may not hold <${one.name}>`);
    else if (place.at < last) faults.push(`<${one.name}> stands too late in <${name}>`);
    else if (place.at === last && place.rule !== '*') faults.push(`<${one.name}> stands twice in <${name}>`);
    last = Math.max(last, place?.at ?? last);
  }
  for (const [one, { rule }] of places) {
    if (rule === '!' && !children.some((each) => each.name === one)) faults.push(`<${name}> lacks <${one}>`);
  }
  return faults;
}
