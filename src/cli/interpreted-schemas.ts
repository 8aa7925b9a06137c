/**
 * To be imported before any schema: what reads one file and ends takes longer to compile its checks than to interpret them.
 */
import * as z from 'zod';

z.config({ jitless: true });
