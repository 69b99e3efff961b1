# Expected numbers for the statistics behind the questionnaire, from R.
#
#   python tests/reference/questionnaire_data.py tests/reference/questionnaire
#   Rscript tests/reference/questionnaire.R tests/reference/questionnaire
#
# Every line of expected.txt is: case | quantity | values, 12 digits.
suppressMessages({library(lavaan); library(lme4)})
here <- commandArgs(trailingOnly = TRUE)[1]
out <- file(file.path(here, "expected.txt"), "w")
put <- function(case, what, x)
  cat(case, "|", what, "|", paste(sprintf("%.12g", as.numeric(x)), collapse = " "), "\n",
      sep = "", file = out, append = TRUE)

d <- read.csv(file.path(here, "cfa.csv"))
model <- "a =~ x1 + x2 + x3\n b =~ x4 + x5 + x6\n c =~ x7 + x8 + x9"
fit <- cfa(model, data = d, std.lv = TRUE)
s <- standardizedSolution(fit)
put("cfa", "loadings", s$est.std[s$op == "=~"])
put("cfa", "phi", s$est.std[s$op == "~~" & s$lhs != s$rhs])
m <- fitMeasures(fit)
put("cfa", "fit", m[c("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower",
                      "rmsea.ci.upper", "srmr", "npar")])

v <- read.csv(file.path(here, "components.csv"))
v$mt <- interaction(v$model, v$trial); v$mi <- interaction(v$model, v$item)
l <- lmer(y ~ 1 + (1 | model) + (1 | item) + (1 | mi) + (1 | mt), data = v, REML = TRUE,
          control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e6)))
c1 <- as.data.frame(VarCorr(l)); rownames(c1) <- c1$grp
put("components", "reml", c1[c("model", "item", "mi", "mt", "Residual"), "vcov"])

g <- read.csv(file.path(here, "manova.csv"))
Y <- as.matrix(g[, c("y1", "y2", "y3")])
a <- manova(Y ~ factor(g$g))
for (test in c("Pillai", "Wilks", "Hotelling-Lawley", "Roy"))
  put("manova", test, summary(a, test = test)$stats[1, 2:6])
f <- sapply(c("y1", "y2", "y3"), function(n) {
  t <- anova(lm(g[[n]] ~ factor(g$g))); c(t[1, "F value"], t[1, "Pr(>F)"], t[1, 2] / sum(t[, 2])) })
put("manova", "f", f[1, ]); put("manova", "p", f[2, ]); put("manova", "eta2", f[3, ])
put("manova", "p_adjusted", p.adjust(f[2, ], "BH"))
close(out)
writeLines(c(R.version.string, paste("lavaan", packageVersion("lavaan")),
             paste("lme4", packageVersion("lme4"))), file.path(here, "versions.txt"))
