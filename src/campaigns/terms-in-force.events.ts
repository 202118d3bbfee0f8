/** PostgreSQL channel; the payload is the id of a campaign whose terms came into force. */
export const TERMS_IN_FORCE = 'terms_in_force';
