import { formatRatio, type Ratio, ratio } from '../../kernel/ratio.js';

/** Of a share of customers: 0.125 is as fine as anybody needs. */
export const SHARE_DECIMALS = 3;

/** More would withhold from most customers what the campaign is for. */
export const LARGEST_SHARE = ratio(1n, 2n);

/** As the API and the database have it: 1/8 is "0.125", 1/10 is "0.1". */
export function formatShare(share: Ratio): string {
  return formatRatio(share, SHARE_DECIMALS).replace(/\.?0+$/, '');
}
