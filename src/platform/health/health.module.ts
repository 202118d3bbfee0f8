import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { ProgressMetrics } from './progress-metrics.js';
import { Readiness } from './readiness.js';

@Module({ controllers: [HealthController], providers: [ProgressMetrics, Readiness] })
export class HealthModule {}
