// Promcheck says what promtool would: of the metrics on its standard input, or of the rule files that it is given.
package main

import (
	"fmt"
	"os"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
)

func main() {
	problems := metrics()
	if len(os.Args) > 1 {
		problems = rules(os.Args[1:])
	}
	for _, problem := range problems {
		fmt.Println(problem)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}

func metrics() (said []string) {
	problems, err := promlint.New(os.Stdin).Lint()
	if err != nil {
		return []string{err.Error()}
	}
	for _, problem := range problems {
		said = append(said, problem.Metric+": "+problem.Text)
	}
	return said
}

func rules(files []string) (said []string) {
	for _, file := range files {
		_, problems := rulefmt.ParseFile(file, false, model.UTF8Validation)
		for _, problem := range problems {
			said = append(said, problem.Error())
		}
	}
	return said
}
