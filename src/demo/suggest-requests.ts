import { euros } from './demo-money.js';
import type { DemoNotes } from './demo-notes.js';

/** Requests to try, ready to be pasted into a shell. */
export function suggestRequests(
  url: string,
  { keys = {}, campaignId = '', receptionId = '' }: DemoNotes,
  nowMs: number,
): string {
  const till = `-H 'authorization: Bearer ${keys['gym pos'] ?? ''}' -H 'content-type: application/json'`;
  const visit = {
    code: 'café 20',
    channelId: receptionId,
    receipt: { number: `try-${nowMs}`, subtotal: euros(45_00) },
  };
  const redemption = { externalId: `try-${nowMs}`, ...visit, occurredAt: new Date(nowMs).toISOString() };
  return [
    'Try it',
    '  # What would the gym take off for a code word of the café, typed carelessly?',
    `  curl -s ${url}/v1/validations ${till} -d '${JSON.stringify(visit)}'`,
    '  # Redeem it. The same post sent again counts once.',
    `  curl -s ${url}/v1/redemptions ${till} -d '${JSON.stringify(redemption)}'`,
    '  # The report by channel, as CSV.',
    `  curl -s '${url}/v1/campaigns/${campaignId}/report.csv?groupBy=channel' -H 'authorization: Bearer ${keys['gym admin'] ?? ''}'`,
    '',
  ].join('\n');
}
