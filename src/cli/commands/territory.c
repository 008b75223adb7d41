/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* territory.c - `grappe territory`: what a territory is made of, from plain files. */
#include "commands/territory.h"

#include "i18n/i18n.h"

static struct fault *territory_run(struct arena *a, int argc, char **argv)
{
    bool known = false;
    if (argc < 2)
        return missing_fault(tr("The statistic"));
    TRY(territory_tables(a, argc - 1, argv + 1, &known));
    if (!known)
        TRY(territory_points(a, argc - 1, argv + 1, &known));
    return known ? NULL : usage_fault(argv[1]);
}

const struct command territory_command = {
    .name = "territory",
    .summary = N_("Measure a territory: what it is special in, how it grows, what stands together"),
    .help =
        N_("grappe territory STATISTIC JOBS.csv [--year YEAR] [--from YEAR --to YEAR] [--whole REGION] "
           "[--json]\n"
           "grappe territory k|l|m|kd POINTS.csv --reference KIND [--neighbours KIND] --radii 2,5,10\n"
           "                 [--weights] [--edge none|isotropic|translation] [--window "
           "X0,Y0,X1,Y1|CORNERS.csv]\n"
           "                 [--simulations N] [--seed S] [--confidence 0.95] [--threads N]\n"
           "                 [--time-limit S] [--json]\n\n"
           "JOBS.csv has the columns region, industry, jobs and perhaps year; lines of the same region and\n"
           "industry are added up (for ellison-glaeser each line is one plant). STATISTIC is\n"
           "  lq               location quotients, with the bounds that small counts leave\n"
           "  krugman, hachman, herfindahl      how special a region is\n"
           "  gini, hoover, hoover-gini, ellison-glaeser   how concentrated an industry is\n"
           "  shift-share      what growth owes to the whole, to the industry, to the place\n"
           "  complexity, relatedness, density  what few others do, what is near to what is done\n\n"
           "POINTS.csv has the columns x, y, type and perhaps weight, in one length unit of a plane. k and l "
           "are\n"
           "Ripley's, in a window; m is Marcon and Puech's and takes the weights; kd is Duranton and\n"
           "Overman's, with them when --weights says so. --reference all takes every kind. With simulations "
           "the\n"
           "kinds change places among the points, and the bounds of chance are printed, at each radius and\n"
           "for all radii together.\n\n"
           "  --window      of k and l: a rectangle, or the corners of a polygon, x,y in turn\n"
           "  --industries  the complexity of industries instead of regions\n"
           "  --whole       the line that stands for the whole; without it, the sum of the regions\n"
           "  --threads     the answer is the same for any number\n"
           "  --time-limit  simulations not reached by then are left out, and it is said\n\n"
           "What has no sense stays empty. Example: grappe territory lq jobs.csv\n"
           "         grappe territory m firms.csv --reference turning --radii 1,2,5,10 --simulations 1000"),
    .run = territory_run,
};
