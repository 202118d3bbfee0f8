import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../../src/demo/api-client.js';

interface Created {
  readonly id: string;
}

interface Batch extends Created {
  readonly status: string;
  readonly generated: number;
}

/** Orders coupons of one offer over HTTP, as a marketer does. */
export class CouponOrders {
  private constructor(
    private readonly operator: ApiClient,
    private readonly operatorKey: string,
    private readonly offerId: string,
  ) {}

  /** Two partners and a campaign with one offer that both have approved. */
  static async open(url: string, operatorKey: string): Promise<CouponOrders> {
    const operator = new ApiClient(url, operatorKey);
    const partner = (name: string): Promise<Created> =>
      operator.post('/v1/partners', { name, country: 'DE', currency: 'EUR', timeZone: 'Europe/Berlin' });
    const [issuer, redeemer] = [await partner('Issuer'), await partner('Redeemer')];
    const year = new Date().getUTCFullYear();
    const campaign = await operator.post<Created & { offers: Created[] }>('/v1/campaigns', {
      ...{ name: 'Bench', kind: 'tactical', currency: 'EUR', timeZone: 'Europe/Berlin' },
      ...{ startsOn: `${year}-01-01`, endsOn: `${year + 1}-12-31` },
      participants: [issuer, redeemer].map(({ id }) => ({ partnerId: id, role: 'equal' })),
      offers: [
        {
          issuerPartnerId: issuer.id,
          redeemerPartnerId: redeemer.id,
          reward: { kind: 'percent', value: '10' },
        },
      ],
    });
    for (const { id } of [issuer, redeemer])
      await operator.post(`/v1/campaigns/${campaign.id}/approvals`, { partnerId: id });
    return new CouponOrders(operator, operatorKey, campaign.offers[0]!.id);
  }

  /** Orders a batch and waits until its last coupon is stored. `show` is told how far it is. */
  async make(quantity: number, show: (generated: number) => void = () => undefined): Promise<Batch> {
    let batch = await this.operator.post<Batch>(`/v1/offers/${this.offerId}/coupon-batches`, { quantity });
    while (batch.status !== 'done') {
      if (batch.status === 'failed') throw new Error(`the batch failed at ${batch.generated} coupons`);
      await sleep(100);
      const before = batch.generated;
      batch = await this.operator.get<Batch>(`/v1/coupon-batches/${batch.id}`);
      if (batch.generated > before) show(batch.generated);
    }
    return batch;
  }

  /** Downloads the coupons and answers how many there are, holding none of them. */
  async download(batchId: string): Promise<number> {
    const response = await fetch(`${this.operator.url}/v1/coupon-batches/${batchId}/coupons.csv`, {
      headers: { authorization: `Bearer ${this.operatorKey}` },
    });
    if (!response.ok || !response.body) throw new Error(`the download was answered ${response.status}`);
    let lines = 0;
    for await (const chunk of response.body)
      for (const byte of chunk as Uint8Array) if (byte === 0x0a) lines += 1;
    return lines - 1;
  }
}
