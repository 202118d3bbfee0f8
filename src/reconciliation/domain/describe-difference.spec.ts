import { describe, expect, it } from '@jest/globals';
import { describeDifference } from './describe-difference.js';

const key = { campaign_id: 'c1', day: '2026-06-01' };

describe('a difference', () => {
  it('is told by table, row and each figure that differs', () => {
    const stored = { redemptions: '2', discount: '900' };
    expect(
      describeDifference({
        relation: 'campaign_daily',
        key,
        stored,
        expected: { redemptions: '2', discount: '1000' },
      }),
    ).toEqual([
      'campaign_daily  campaign c1, day 2026-06-01',
      '    discount  stored 900         recomputed 1000',
    ]);
  });

  it('of a row that is missing tells what the row should say', () => {
    const expected = { uses: '1', spent: '0' };
    expect(
      describeDifference({ relation: 'offer_counters', key: { offer_id: 'o1' }, stored: null, expected }),
    ).toEqual(['offer_counters  offer o1', '    uses  stored no row      recomputed 1']);
  });

  it('of a row that should not be there tells what it says', () => {
    const stored = { discount: '500', revenue: '0' };
    expect(
      describeDifference({ relation: 'redemption_facts', key: { id: 'r1' }, stored, expected: null }),
    ).toEqual(['redemption_facts  id r1', '    discount  stored 500         recomputed no row']);
  });
});
