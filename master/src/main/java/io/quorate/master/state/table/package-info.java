/**
 * Tables: persistent maps that share structure between versions, and the rows that they are stored
 * as.
 *
 * <p>A table is immutable and any thread may read it. Only {@code io.quorate.master.state} derives
 * new tables. A table is iterated in key order only. Nothing here does I/O: rows are handed to the
 * log's {@code RowWriter} and come from its {@code RowReader}.
 */
package io.quorate.master.state.table;
