/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_bench.c - what importing firms costs: CPU, memory, and the scan of the file alone beside it.
 *
 *   import_bench [LINES [xlsx]]     100000 lines by default: firm, SIRET, commune, know-how, a certificate
 * one time in three; as a CSV, or as the workbook that is made of it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "imports/imports.h"
#include "table/table.h"
#include "text/buffer.h"
#include "xlsx/xlsx_write.h"

/* Digits whose key comes out right: every other one doubled from the end. */
static int luhn_sum(const char *digits, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        int d = digits[count - 1 - i] - '0';
        d *= i % 2 ? 2 : 1;
        sum += d > 9 ? d - 9 : d;
    }
    return sum;
}

static void complete_key(char *digits, int count)
{
    digits[count - 1] = '0';
    digits[count - 1] = (char)('0' + (10 - luhn_sum(digits, count) % 10) % 10);
}

static void write_file(FILE *out, int lines)
{
    static const char *const towns[] = {"Besançon;25000", "Morteau;25500",  "Pontarlier;25300",
                                        "Maîche;25120",   "Valdahon;25800", "Le Russey;25210"};
    static const char *const skills[] = {"Décolletage, rodage", "Polissage; microfraisage",
                                         "Étampage de boîtiers", "Traitement thermique, PVD",
                                         "Injection plastique"};
    (void)fprintf(out,
                  "Raison sociale;SIRET;Ville;CP;Effectif;Code APE;Savoir-faire;Certifications;Site web\n");
    for (int i = 0; i < lines; i++) {
        char siret[16];
        (void)snprintf(siret, sizeof siret, "4%07d0", i);
        complete_key(siret, 9);
        (void)snprintf(siret + 9, 6, "00010");
        complete_key(siret, 14);
        (void)fprintf(out, "Entreprise numéro %d;%s;%s;%d;25.62B;\"%s\";%s;www.e%d.example\n", i, siret,
                      towns[i % 6], i % 300, skills[i % 5], i % 3 ? "" : "ISO 9001", i);
    }
}

static struct fault *write_rows(struct table *t, struct xlsx_writer *w)
{
    struct slice *cells;
    int64_t line;
    for (int i = 0; i < table_columns(t); i++)
        xlsx_write_text(w, table_column(t, i));
    xlsx_write_end_row(w);
    for (bool more = true; more;) {
        ARENA_SCOPE(row);
        TRY(table_next(t, &cells, &line, &more));
        for (int i = 0; more && i < table_columns(t); i++)
            xlsx_write_text(w, slice_text(row, cells[i]));
        xlsx_write_end_row(w);
    }
    return NULL;
}

/* The same file as a workbook, in its place. */
static struct fault *make_workbook(const char *path)
{
    ARENA_SCOPE(a);
    struct table *t = NULL;
    struct xlsx_writer *w = NULL;
    struct buffer *book = buffer_new(a, 512 * MIB);
    int64_t started = cpu_us();
    TRY(table_open(a, path, NULL, &t));
    TRY(xlsx_write_start(a, "Firms", &w));
    TRY(write_rows(t, w));
    TRY(xlsx_write_finish(w, book));
    (void)printf("workbook written in %.2f s CPU\n", (double)(cpu_us() - started) / 1e6);
    FILE *out = fopen(path, "wb");
    bool whole = out && fwrite(book->ptr, 1, book->len, out) == book->len;
    if (!out || fclose(out) != 0 || !whole)
        return fault(FAULT_IO, "%s cannot be written.", path);
    return NULL;
}

/* Millions of rows and of unpacked bytes a second of CPU. */
static struct fault *scan(struct arena *a, const char *path, double *rows, double *bytes)
{
    struct table *c = NULL;
    struct slice *cells;
    int64_t line, count = -1, started = cpu_us();
    TRY(table_open(a, path, NULL, &c));
    for (bool more = true; more; count++)
        TRY(table_next(c, &cells, &line, &more));
    int64_t spent = cpu_us() - started;
    *rows = (double)count / (double)(spent ? spent : 1);
    *bytes = (double)table_bytes_read(c) / (double)(spent ? spent : 1);
    return NULL;
}

static double peak_mib(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static struct fault *measure(struct arena *a, const char *file, const char *path)
{
    struct table *c = NULL;
    struct space *space = NULL;
    struct door *door = NULL;
    struct import_columns columns;
    struct import_report report;
    double rows, bytes;
    TRY(scan(a, file, &rows, &bytes));
    double before_mib = peak_mib();
    TRY(space_create(path, &space));
    TRY(door_open_program(space, a, &door));
    TRY(table_open(a, file, NULL, &c));
    TRY(imports_guess(door, c, "organisation", &columns));
    int64_t started = cpu_us();
    TRY(imports_run(door, c, &columns, &(struct import_options){.file = "bench"}, &report));
    int64_t imported = cpu_us();
    TRY(space_seal(space));
    int64_t sealed = cpu_us();
    double import_mib = peak_mib();
    TRY(imports_undo(door, report.batch, NULL));
    int64_t undone = cpu_us();
    (void)printf("scan %.0f MB/s, %.0f rows/s; %lld lines, %lld firms, %lld know-how, %lld certificates\n",
                 bytes, rows * 1e6, (long long)report.lines, (long long)report.created,
                 (long long)report.capabilities, (long long)report.certificates);
    (void)printf("import %.2f s CPU (%.1f us a line), seal %.2f s, undo %.2f s; peak %.1f MiB (%.1f before, "
                 "%.1f with the undo)\n",
                 (double)(imported - started) / 1e6, (double)(imported - started) / (double)report.lines,
                 (double)(sealed - imported) / 1e6, (double)(undone - sealed) / 1e6, import_mib, before_mib,
                 peak_mib());
    return NULL;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/grappe-bench-XXXXXX", file[64], path[64];
    int lines = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
    if (!mkdtemp(folder))
        return 1;
    (void)snprintf(file, sizeof file, "%s/firms.csv", folder);
    (void)snprintf(path, sizeof path, "%s/space.db", folder);
    FILE *out = fopen(file, "w");
    if (!out)
        return 1;
    write_file(out, lines);
    (void)fclose(out);
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct fault *f = argc > 2 && strcmp(argv[2], "xlsx") == 0 ? make_workbook(file) : NULL;
    f = f ? f : measure(a, file, path);
    if (f)
        (void)fprintf(stderr, "%s\n", f->text);
    static const char *const endings[] = {"firms.csv", "space.db", "space.db-wal", "space.db-shm"};
    for (size_t i = 0; i < COUNT(endings); i++)
        (void)unlink(arena_print(a, "%s/%s", folder, endings[i]));
    (void)rmdir(folder);
    return f ? 1 : 0;
}
