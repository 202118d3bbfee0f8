/** The fields of the service's answers that the demo and the replay look at. */

export interface Created {
  readonly id: string;
}

export interface IssuedKey {
  readonly id: string;
  readonly key: string;
}

export interface CampaignAnswer {
  readonly id: string;
  readonly status: string;
  /** In the order in which they were asked for. */
  readonly offers: readonly Created[];
}

export interface RedemptionAnswer {
  readonly id: string;
  readonly externalId: string;
  readonly status: 'accepted' | 'refused';
  readonly reason?: string;
  readonly campaignId: string | null;
}

/** An item that could not be decided at all. */
interface ItemFault {
  readonly externalId: string | null;
  readonly error: { readonly detail: string };
}

export interface BatchAnswer<Result> {
  readonly results: readonly (Result | ItemFault)[];
}

/** The results of a batch in which every item was expected to be taken. Throws on the first that was not. */
export function allTaken<Result extends object>({ results }: BatchAnswer<Result>): Result[] {
  return results.map((result) => {
    if ('error' in result) throw new Error(`${result.externalId}: ${result.error.detail}`);
    return result;
  });
}
