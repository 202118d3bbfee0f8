import { Inject, Injectable } from '@nestjs/common';

export const PUBLIC_URL = Symbol('PUBLIC_URL');

/** Where customers reach this service. */
@Injectable()
export class PublicOrigin {
  constructor(@Inject(PUBLIC_URL) private readonly publicUrl: string | null) {}

  /** As it was set, else as this request came, which is right without a proxy only. Without a slash at the end. */
  of(request: { readonly protocol: string; readonly host: string }): string {
    return this.publicUrl?.replace(/\/+$/, '') ?? `${request.protocol}://${request.host}`;
  }
}
