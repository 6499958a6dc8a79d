import { readdirSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { memoryUsage } from 'node:process';
import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * The process metrics under the names Prometheus users know. The client library's own collection has names that
 * promtool refuses, and costs memory for series nobody looks at.
 */
export function addProcessMetrics(registry: Registry): () => Promise<void> {
  const cpu = counter(registry, 'process_cpu_seconds_total', 'User and system CPU time spent.');
  const started = gauge(registry, 'process_start_time_seconds', 'When the process started, in seconds of Unix time.');
  const resident = gauge(registry, 'process_resident_memory_bytes', 'Memory held in RAM.');
  const virtual = gauge(registry, 'process_virtual_memory_bytes', 'Address space; 0 where the system does not tell.');
  const openFiles = gauge(registry, 'process_open_fds', 'Open file descriptors; 0 where the system does not tell.');
  const maxFiles = gauge(registry, 'process_max_fds', 'Most file descriptors allowed; 0 where unlimited or not told.');
  const heapSize = gauge(registry, 'nodejs_heap_size_bytes', 'Size of the JavaScript heap.');
  const heapUsed = gauge(registry, 'nodejs_heap_used_bytes', 'Used part of the JavaScript heap.');
  const external = gauge(registry, 'nodejs_external_memory_bytes', 'Memory of buffers and other external objects.');
  const lag = gauge(registry, 'nodejs_eventloop_lag_seconds', 'Mean delay of the event loop since the last scrape.');
  const worstLag = gauge(registry, 'nodejs_eventloop_lag_max_seconds', 'Longest such delay since the last scrape.');
  const gcSeconds = counter(registry, 'nodejs_gc_duration_seconds_total', 'Time spent in garbage collection.');
  const version = new Gauge({
    name: 'nodejs_version_info',
    help: 'The version of Node.js; always 1.',
    labelNames: ['version'],
    registers: [registry],
  });
  started.set(Math.round(Date.now() / 1000 - process.uptime()));
  version.set({ version: process.version }, 1);
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  watchGarbage(gcSeconds);
  let before = { user: 0, system: 0 };

  return async () => {
    const now = process.cpuUsage();
    cpu.inc((now.user + now.system - before.user - before.system) / 1e6);
    before = now;
    const memory = memoryUsage();
    resident.set(memory.rss);
    heapSize.set(memory.heapTotal);
    heapUsed.set(memory.heapUsed);
    external.set(memory.external);
    setLag(delay, lag, worstLag);
    const linux = askLinux();
    virtual.set(linux.virtual);
    openFiles.set(linux.openFiles);
    maxFiles.set(linux.maxFiles);
  };
}

function counter(registry: Registry, name: string, help: string): Counter {
  return new Counter({ name, help, registers: [registry] });
}

function gauge(registry: Registry, name: string, help: string): Gauge {
  return new Gauge({ name, help, registers: [registry] });
}

function watchGarbage(seconds: Counter): void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seconds.inc(entry.duration / 1000);
  });
  observer.observe({ entryTypes: ['gc'] });
}

/** Nanoseconds around the 20 ms at which the timer fires when nothing is late. */
function setLag(delay: ReturnType<typeof monitorEventLoopDelay>, mean: Gauge, worst: Gauge): void {
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - 0.02);
  mean.set(Number.isNaN(delay.mean) ? 0 : late(delay.mean));
  worst.set(late(delay.max));
  delay.reset();
}

/** Files of /proc are memory: reading them takes no disk and some microseconds. */
function askLinux(): { virtual: number; openFiles: number; maxFiles: number } {
  if (process.platform !== 'linux') return { virtual: 0, openFiles: 0, maxFiles: 0 };
  const status = readFileSync('/proc/self/status', 'utf8');
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return {
    virtual: Number(/^VmSize:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
    openFiles: readdirSync('/proc/self/fd').length,
    maxFiles: Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0),
  };
}
