# What R's survey package computes where a stratum has a single PSU. From this folder: Rscript lonely.R
# The respondents of sample.csv, of whose stratum D only the PSU 1 is kept. Writes lonely.csv.
suppressMessages(library(survey))

d <- read.csv("sample.csv", na.strings = "", stringsAsFactors = FALSE,
              colClasses = c(psu = "character"))
d <- d[d$stratum != "D" | d$psu == "1", ]
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)

rows <- list()
row <- function(choice, what, segment, answer, n, est, se, low, high, df, p)
  rows[[length(rows) + 1]] <<- data.frame(lonely = choice, what, segment, answer, n, est, se, low, high, df, p)

for (choice in c("adjust", "certainty")) {
  options(survey.lonely.psu = choice)
  for (segment in c("all", "female", "coast")) {
    keep <- !is.na(d$use) & switch(segment, all = TRUE, female = d$sex == "female", coast = d$coast == "yes")
    part <- suppressWarnings(design[keep, ])
    for (answer in c("never", "rarely", "often")) {
      one <- update(part, y = as.numeric(use == answer))
      m <- svymean(~y, one)
      ci <- attr(suppressWarnings(svyciprop(~y, one, method = "beta")), "ci")
      row(choice, "proportion", segment, answer, nrow(one), as.numeric(coef(m)), as.numeric(SE(m)),
          ci[[1]], ci[[2]], degf(one), NA)
    }
  }
  part <- suppressWarnings(design[!is.na(d$use), ])
  for (answer in c("never", "rarely", "often")) {
    one <- update(part, y = as.numeric(use == answer), g = as.numeric(sex == "female"))
    t <- svyttest(y ~ g, one)
    row(choice, "difference", "female", answer, nrow(one), as.numeric(t$estimate), NA, t$conf.int[[1]],
        t$conf.int[[2]], as.numeric(t$parameter), as.numeric(t$p.value))
  }
  f <- svychisq(~sex + use, part, statistic = "F")
  row(choice, "crosstab", "sex", "", nrow(part), as.numeric(f$statistic), NA, f$parameter[[1]],
      f$parameter[[2]], NA, as.numeric(f$p.value))
}
write.csv(do.call(rbind, rows), "lonely.csv", row.names = FALSE, quote = FALSE, na = "")
