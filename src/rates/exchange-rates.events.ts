/** Outbox topic of imported exchange rates: facts that waited for one can be converted. */
export const EXCHANGE_RATES_TOPIC = 'exchange-rates';
