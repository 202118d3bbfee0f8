import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AuthGuard } from '../auth/auth.guard.js';
import { DirectRoutes } from './direct-routes.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { ProblemFilter } from './problem.filter.js';
import { RequestValidationPipe } from './request-validation.pipe.js';

/** What every route goes through: key, schema, repeat, problem. */
@Global()
@Module({
  providers: [
    AuthGuard,
    DirectRoutes,
    IdempotencyRepository,
    ProblemFilter,
    { provide: APP_GUARD, useExisting: AuthGuard },
    { provide: APP_PIPE, useClass: RequestValidationPipe },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_FILTER, useExisting: ProblemFilter },
  ],
  exports: [DirectRoutes],
})
export class HttpModule {}
