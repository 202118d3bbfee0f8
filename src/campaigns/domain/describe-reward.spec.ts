import { describe, expect, it } from '@jest/globals';
import { ratio } from '../../kernel/ratio.js';
import { describeReward } from './describe-reward.js';

describe('describeReward', () => {
  it('says in a few words what the customer gets', () => {
    expect(describeReward({ kind: 'percent', value: ratio(25n, 2n) })).toBe('12.5 %');
    expect(describeReward({ kind: 'amount', value: { minor: 500n, currency: 'EUR' } })).toBe('5.00 EUR');
    expect(describeReward({ kind: 'gift', label: 'Espresso', unitCost: null })).toBe('Espresso');
    expect(describeReward({ kind: 'bonus_points', value: 100 })).toBe('100 points');
  });
});
