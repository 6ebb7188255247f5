# What R's survey package computes on sample.csv. From this folder: Rscript witness.R
# Writes intervals.csv, means.csv, comparisons.csv, overlaps.csv, crosstabs.csv and adjusted.csv.
suppressMessages(library(survey))

d <- read.csv("sample.csv", na.strings = "", stringsAsFactors = FALSE,
              colClasses = c(psu = "character"))
d$all <- TRUE

designs <- list(
  clustered = svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = d),
  weighted = svydesign(ids = ~1, weights = ~weight, data = d),
  clusters_only = svydesign(ids = ~interaction(stratum, psu), weights = ~weight, data = d)
)
segments <- list(
  all = quote(all), female = quote(sex == "female"), male = quote(sex == "male"),
  old = quote(age == "65-plus"), young = quote(age == "18-34"), coast = quote(coast == "yes"),
  old_men_on_the_coast = quote(age == "65-plus" & sex == "male" & coast == "yes")
)
# item, answers that count as yes, name
answers <- list(
  list("use", "never", "never"), list("use", "rarely", "rarely"), list("use", "often", "often"),
  list("use", "always", "always"), list("use", c("often", "always"), "net_often"),
  list("rare", "yes", "yes")
)
within <- function(design, segment, item) {
  keep <- eval(segment, design$variables) & !is.na(design$variables[[item]])
  design[keep, ]
}
save <- function(rows, file) write.csv(do.call(rbind, rows), file, row.names = FALSE, quote = FALSE, na = "")

intervals <- list(); means <- list()
for (dn in names(designs)) for (sn in names(segments)) {
  for (a in answers) {
    part <- within(designs[[dn]], segments[[sn]], a[[1]])
    part <- update(part, y = as.numeric(part$variables[[a[[1]]]] %in% a[[2]]))
    m <- svymean(~y, part, deff = "replace")
    w <- weights(part)
    for (method in c("beta", "xlogit", "mean")) {
      ci <- suppressWarnings(svyciprop(~y, part, method = method))
      bounds <- attr(ci, "ci")
      intervals[[length(intervals) + 1]] <- data.frame(
        design = dn, segment = sn, item = a[[1]], answer = a[[3]], method = method, n = nrow(part),
        est = as.numeric(coef(m)), se = as.numeric(SE(m)), low = bounds[[1]], high = bounds[[2]],
        n_eff = sum(w)^2 / sum(w^2), deff = as.numeric(deff(m)), df = degf(part))
    }
  }
  part <- within(designs[[dn]], segments[[sn]], "visits")
  m <- svymean(~visits, part, deff = "replace")
  ci <- confint(m, df = degf(part))
  means[[length(means) + 1]] <- data.frame(
    design = dn, segment = sn, n = nrow(part), est = as.numeric(coef(m)), se = as.numeric(SE(m)),
    low = ci[[1]], high = ci[[2]], deff = as.numeric(deff(m)), df = degf(part))
}
save(intervals, "intervals.csv"); save(means, "means.csv")

# A segment against everybody else who answered, and two disjoint segments.
comparisons <- list()
pairs <- list(list("female", "male"), list("old", NULL), list("young", "old"), list("coast", NULL))
items <- c(answers, list(list("visits", NULL, "mean")))
for (dn in names(designs)) for (pair in pairs) for (a in items) {
  b <- if (is.null(pair[[2]])) bquote(!.(segments[[pair[[1]]]])) else segments[[pair[[2]]]]
  part <- within(designs[[dn]], bquote(.(segments[[pair[[1]]]]) | .(b)), a[[1]])
  value <- part$variables[[a[[1]]]]
  y <- if (is.null(a[[2]])) as.numeric(value) else as.numeric(value %in% a[[2]])
  part <- update(part, y = y, g = as.numeric(eval(segments[[pair[[1]]]], part$variables)))
  test <- svyttest(y ~ g, part)
  comparisons[[length(comparisons) + 1]] <- data.frame(
    design = dn, a = pair[[1]], b = if (is.null(pair[[2]])) "rest" else pair[[2]], item = a[[1]],
    answer = a[[3]], difference = as.numeric(test$estimate), low = test$conf.int[[1]],
    high = test$conf.int[[2]], t = as.numeric(test$statistic), df = as.numeric(test$parameter),
    p = as.numeric(test$p.value))
}
save(comparisons, "comparisons.csv")

# Domains that overlap: the difference of two ratios of totals, linearised by svycontrast.
overlaps <- list()
for (dn in names(designs)) for (pair in list(c("female", "young"), c("old", "all"))) for (a in items) {
  part <- within(designs[[dn]], bquote(.(segments[[pair[1]]]) | .(segments[[pair[2]]])), a[[1]])
  value <- part$variables[[a[[1]]]]
  y <- if (is.null(a[[2]])) as.numeric(value) else as.numeric(value %in% a[[2]])
  da <- as.numeric(eval(segments[[pair[1]]], part$variables))
  db <- as.numeric(eval(segments[[pair[2]]], part$variables))
  part <- update(part, ya = y * da, da = da, yb = y * db, db = db)
  gap <- svycontrast(svytotal(~ya + da + yb + db, part), quote(ya / da - yb / db))
  df <- degf(part) - 1
  t <- as.numeric(coef(gap)) / as.numeric(SE(gap))
  reach <- qt(0.975, df) * as.numeric(SE(gap))
  overlaps[[length(overlaps) + 1]] <- data.frame(
    design = dn, a = pair[1], b = pair[2], item = a[[1]], answer = a[[3]],
    difference = as.numeric(coef(gap)), se = as.numeric(SE(gap)), low = as.numeric(coef(gap)) - reach,
    high = as.numeric(coef(gap)) + reach, t = t, df = df, p = 2 * pt(-abs(t), df))
}
save(overlaps, "overlaps.csv")

crosstabs <- list()
tables <- list(c("sex", "use"), c("age", "use"), c("coast", "use"), c("coast", "rare"), c("sex", "rare"))
for (dn in names(designs)) for (t in tables) for (sn in c("all", "old", "female", "coast")) {
  part <- within(designs[[dn]], segments[[sn]], t[2])
  seen <- part$variables
  if (length(unique(seen[[t[1]]])) < 2 || length(unique(seen[[t[2]]])) < 2) next
  formula <- as.formula(paste0("~", t[1], "+", t[2]))
  f <- svychisq(formula, part, statistic = "F")
  x <- svychisq(formula, part, statistic = "Chisq")
  crosstabs[[length(crosstabs) + 1]] <- data.frame(
    design = dn, segment = sn, rows = t[1], item = t[2], F = as.numeric(f$statistic),
    ndf = f$parameter[[1]], ddf = f$parameter[[2]], p = as.numeric(f$p.value),
    pearson = as.numeric(x$statistic))
}
save(crosstabs, "crosstabs.csv")

p <- c(0.04, 0.0004, NA, 0.6, 0.04, 0.011, 1, 0.03, NA, 0.0002, 0.2, 0.012)
save(list(data.frame(p = p, holm = p.adjust(p, "holm"), benjamini_hochberg = p.adjust(p, "BH"))),
     "adjusted.csv")
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")
