import { Global, Module } from '@nestjs/common';
import { PrincipalResolver } from '../platform/auth/principal-resolver.js';
import { ApiKeyPrincipals } from './api-key-principals.js';
import { ApiKeyRepository } from './api-key.repository.js';

/** Global, because the guard that asks for principals stands in front of every feature and may know none of them. */
@Global()
@Module({
  providers: [ApiKeyRepository, { provide: PrincipalResolver, useClass: ApiKeyPrincipals }],
  exports: [PrincipalResolver],
})
export class PrincipalsModule {}
