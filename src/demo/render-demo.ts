import { alignColumns } from '../reports/domain/align-columns.js';
import type { ReportAnswer } from '../reports/domain/report-answer.js';
import { renderGroupTable, renderReportTable } from '../reports/domain/report-table.js';
import { type DemoNotes, KEY_ROLES } from './demo-notes.js';
import { PARTNER_NAMES, PARTNERS } from './demo-story.js';

export interface DemoReports {
  readonly byPartner: ReportAnswer;
  readonly byPlacement: ReportAnswer;
}

export function renderAddresses(url: string): string {
  const addresses = [
    ['  API', `${url}/v1`],
    ['  documentation', `${url}/docs`],
    ['  OpenAPI', `${url}/openapi.json`],
  ];
  return `Addresses\n${alignColumns(addresses, []).join('\n')}\n`;
}

/** `file` is where the keys are kept. */
export function renderKeys({ operatorKey, keys = {} }: DemoNotes, file: string): string {
  const rows = PARTNER_NAMES.flatMap((partner) =>
    KEY_ROLES.map((role) => [`  ${PARTNERS[partner].name}`, role, keys[`${partner} ${role}`] ?? '']),
  );
  const operator = ['  (all partners)', 'operator', operatorKey ?? 'as given in OPERATOR_KEY'];
  return `Keys of the demo, kept in ${file}\n${alignColumns([...rows, operator], []).join('\n')}\n`;
}

/** The report of the whole campaign, then of its parts. */
export function renderReports({ byPartner, byPlacement }: DemoReports): string {
  return [
    `The demo campaign so far, and by the partner at which codes were redeemed\n\n${renderReportTable(byPartner)}`,
    `By placement: the offer, and where its customers got the code\n\n${renderGroupTable(byPlacement)}`,
  ].join('\n');
}
