import { describe, expect, it } from '@jest/globals';
import { canRedeem, CHANNEL_KINDS } from './channel-kind.js';

describe('channel kinds', () => {
  it('codes are redeemed everywhere except on paper and in posts', () => {
    expect(CHANNEL_KINDS.filter((kind) => !canRedeem(kind))).toEqual(['social', 'print']);
  });
});
