// Phase 2's job in Go, over AWS's SDK v2, as a Lambda bootstrap: discovery by path in both regions at once, SendCommand to each
// router from as many goroutines as the SDK keeps connections for, then ListCommandInvocations until all have ended.
//
// It sends the scripts that the function of this project has sent: JOB_SCRIPTS is a file of them, for each router a line
// "INSTANCE BYTES" and then the script. So the bytes are the same, and what it takes to make a script is not counted here. It
// has no retries beyond the SDK's own, no log and no check of its input: it does less than ours, and is never more than a floor.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

const (
	prefix      = "/sdwan/"
	connections = 32
	listPage    = 50
)

var regions = []string{"us-east-1", "eu-central-1"}

type result struct {
	Status     string `json:"status"`
	CommandID  string `json:"command_id"`
	InstanceID string `json:"instance_id"`
	Stdout     string `json:"stdout"`
}

type answer struct {
	Phase        string            `json:"phase"`
	Results      map[string]result `json:"results"`
	SuccessCount int               `json:"success_count"`
	FailCount    int               `json:"fail_count"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type staticCredentials struct{}

func (staticCredentials) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken: os.Getenv("AWS_SESSION_TOKEN")}, nil
}

func makeClient(region string) *ssm.Client {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
		transport.MaxIdleConnsPerHost = connections
	})
	return ssm.New(ssm.Options{Region: region, HTTPClient: client, Credentials: aws.NewCredentialsCache(staticCredentials{}),
		EndpointResolver: ssm.EndpointResolverFromURL(os.Getenv("AWS_ENDPOINT_URL"))})
}

func readScripts() map[string]string {
	data, err := os.ReadFile(os.Getenv("JOB_SCRIPTS"))
	check(err)
	scripts := map[string]string{}
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n')
		var instance string
		var size int
		_, err := fmt.Sscanf(string(data[:end]), "%s %d", &instance, &size)
		check(err)
		scripts[instance] = string(data[end+1 : end+1+size])
		data = data[end+1+size:]
	}
	return scripts
}

// discover gives the routers of a region: name to instance. It reads all the parameters, as a script's maker has to.
func discover(client *ssm.Client) map[string]string {
	found := map[string]string{}
	pages := ssm.NewGetParametersByPathPaginator(client, &ssm.GetParametersByPathInput{Path: aws.String(prefix),
		Recursive: aws.Bool(true), WithDecryption: aws.Bool(true), MaxResults: aws.Int32(10)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		check(err)
		for _, one := range page.Parameters {
			name, kind, _ := strings.Cut(strings.TrimPrefix(*one.Name, prefix), "/")
			if kind == "instance-id" {
				found[name] = *one.Value
			}
		}
	}
	return found
}

// send gives every router of a region its command: name to the command's id.
func send(client *ssm.Client, routers map[string]string, scripts map[string]string, timeout int32) map[string]string {
	sent, names := map[string]string{}, make(chan string)
	var lock sync.Mutex
	var workers sync.WaitGroup
	for i := 0; i < connections; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for name := range names {
				instance := routers[name]
				output, err := client.SendCommand(context.Background(), &ssm.SendCommandInput{
					DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: []string{instance}, TimeoutSeconds: aws.Int32(timeout),
					Comment:    aws.String("sdwan phase2 " + name),
					Parameters: map[string][]string{"commands": {scripts[instance]}, "executionTimeout": {"600"}}})
				check(err)
				lock.Lock()
				sent[name] = *output.Command.CommandId
				lock.Unlock()
			}
		}()
	}
	for name := range routers {
		names <- name
	}
	close(names)
	workers.Wait()
	return sent
}

// await asks by the list of a region's invocations how the commands stand, until all have ended.
func await(client *ssm.Client, routers, sent map[string]string, since time.Time, pause time.Duration) map[string]result {
	byCommand, ended := map[string]string{}, map[string]result{}
	for name, command := range sent {
		byCommand[command] = name
	}
	for len(ended) < len(sent) {
		pages := ssm.NewListCommandInvocationsPaginator(client, &ssm.ListCommandInvocationsInput{Details: true,
			MaxResults: aws.Int32(listPage), Filters: []types.CommandFilter{{Key: types.CommandFilterKeyInvokedAfter,
				Value: aws.String(since.UTC().Format("2006-01-02T15:04:05Z"))}}})
		for pages.HasMorePages() && len(ended) < len(sent) {
			page, err := pages.NextPage(context.Background())
			check(err)
			for _, one := range page.CommandInvocations {
				name, known := byCommand[*one.CommandId]
				if !known || one.Status == types.CommandInvocationStatusPending || one.Status == types.CommandInvocationStatusInProgress {
					continue
				}
				stdout := ""
				if len(one.CommandPlugins) > 0 {
					stdout = aws.ToString(one.CommandPlugins[0].Output)
				}
				ended[name] = result{string(one.Status), *one.CommandId, *one.InstanceId, stdout}
			}
		}
		if len(ended) < len(sent) {
			time.Sleep(pause)
		}
	}
	return ended
}

func run(clients []*ssm.Client, scripts map[string]string, pause time.Duration) answer {
	all := answer{Phase: "phase2", Results: map[string]result{}}
	var lock sync.Mutex
	var group sync.WaitGroup
	since := time.Now().Add(-5 * time.Minute)
	for _, client := range clients {
		group.Add(1)
		go func(client *ssm.Client) {
			defer group.Done()
			routers := discover(client)
			ended := await(client, routers, send(client, routers, scripts, 60), since, pause)
			lock.Lock()
			defer lock.Unlock()
			for name, one := range ended {
				all.Results[name] = one
				if one.Status == "Success" {
					all.SuccessCount++
				} else {
					all.FailCount++
				}
			}
		}(client)
	}
	group.Wait()
	return all
}

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	pause, err := time.ParseDuration(os.Getenv("SSM_POLL_INTERVAL") + "s")
	check(err)
	scripts := readScripts()
	var clients []*ssm.Client
	for _, region := range regions {
		clients = append(clients, makeClient(region))
	}
	for {
		next, err := http.Get(api + "next")
		check(err)
		_, err = io.Copy(io.Discard, next.Body)
		check(err)
		check(next.Body.Close())
		body, err := json.Marshal(run(clients, scripts, pause))
		check(err)
		done, err := http.Post(api+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", "application/json", bytes.NewReader(body))
		check(err)
		_, err = io.Copy(io.Discard, done.Body)
		check(err)
		check(done.Body.Close())
	}
}
